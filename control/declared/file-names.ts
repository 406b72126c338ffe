/** Room for a number and an extension below the 255 bytes that file systems give; a letter has up to 4. */
const mostLetters = 60

/** A file name for each connector that no file system mistakes for a folder, a hidden file, an option or another one. */
export function fileNames(names: readonly string[], extension: string): readonly string[] {
  const taken = new Set<string>()
  return names.map(name => {
    const base = baseName(name)
    let file = `${base}${extension}`
    // macOS and Windows take upper and lower case, and two ways to write é, for one name.
    for (let count = 2; taken.has(foldedName(file)); count += 1) file = `${base}-${count}${extension}`
    taken.add(foldedName(file))
    return file
  })
}

const foldedName = (file: string): string => file.normalize('NFKC').toUpperCase().toLowerCase()

function baseName(name: string): string {
  const letters = [...name.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')]
    .slice(0, mostLetters)
    .join('')
  const base = letters.replace(/^[-.]+|[-.]+$/g, '')
  if (base === '') return 'connector'
  // Windows' devices, with any extension.
  return /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(base) ? `connector-${base}` : base
}
