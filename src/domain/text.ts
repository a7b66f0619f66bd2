/**
 * The form in which names are compared without case: NFKC, lower case. Full-width and half-width, カ and ｶ, A and a are one name.
 * Stored in key columns, so that both databases compare plain bytes. Trailing blanks are cut: MySQL pads them.
 */
export function foldCase(text: string): string {
  const composed = ascii.test(text) ? text : text.normalize('NFKC')
  return composed.toLowerCase().trimEnd()
}

/** Of these NFKC changes none, and it costs more than all the rest. */
const ascii = /^[\x00-\x7f]*$/
