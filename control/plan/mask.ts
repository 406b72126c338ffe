/** What may be shown of a value: `***` for a secret, `${env:…}` and all else as it is. */
export type Mask = (key: string, value: string) => string

export const masked = '***'
