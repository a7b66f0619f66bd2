/**
 * The form in which names are compared without case: NFKC, lower case. Full-width and half-width, カ and ｶ, A and a are one name.
 * Stored in key columns, so that both databases compare plain bytes. Trailing blanks are cut: MySQL pads them.
 */
export function foldCase(text: string): string {
  return text.normalize('NFKC').toLowerCase().trimEnd()
}
