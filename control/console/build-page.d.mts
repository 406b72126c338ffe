/** Builds the page's files into `draft`. */
export function buildPage(root: string, draft: string): Promise<void>
/** Moves them where a bundle looks for them, and removes older ones. */
export function publishPage(draft: string, folder: string): void
