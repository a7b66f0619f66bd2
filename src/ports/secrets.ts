/** AES-256-GCM under the key of the installation. What is sealed for one purpose does not open for another. */
export interface Secrets {
  seal(purpose: string, plain: string): string
  /** undefined when it was not sealed by us for this purpose, or was changed. */
  open(purpose: string, sealed: string): string | undefined
  /** Hex; nobody makes it without the key. For what is only compared, and short enough to be guessed. */
  mac(purpose: string, text: string): string
}
