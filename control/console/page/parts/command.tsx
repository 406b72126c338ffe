import { useState } from 'preact/hooks'

/** A command to paste, with a button that takes it. */
export function CommandLine({ command }: { readonly command: string }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(command)
    setCopied(true)
    setTimeout(() => setCopied(false), 1_500)
  }
  return (
    <span class="command">
      <code>{command}</code>
      <button type="button" class="quiet" onClick={copy} aria-label={`Copy the command ${command}`}>
        {isCopied ? 'copied' : 'copy'}
      </button>
    </span>
  )
}
