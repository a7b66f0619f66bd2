import type { PageKey } from '../../ports/store/directory'

const limits = { bookmarks: 10_000, bookmarkMs: 60_000, countMs: 1_000 }

/**
 * What this node remembers of one list, so that a page costs the same wherever it lies: the last row before a place, for a minute, and
 * how many there are, until this node changes that or for a second (other nodes).
 */
export class Kept {
  private readonly bookmarks = new Map<string, { readonly key: PageKey; readonly until: number }>()
  private counted: { readonly n: number; readonly until: number } | undefined
  private changes = 0

  /** @param offset how many rows come before */
  bookmark(walk: string, offset: number): PageKey | undefined {
    const found = this.bookmarks.get(`${offset} ${walk}`)
    return found && found.until > performance.now() ? found.key : undefined
  }

  setBookmark(walk: string, offset: number, key: PageKey): void {
    const name = `${offset} ${walk}`
    this.bookmarks.delete(name) // the newest stand last
    this.bookmarks.set(name, { key, until: performance.now() + limits.bookmarkMs })
    if (this.bookmarks.size > limits.bookmarks) this.bookmarks.delete(this.bookmarks.keys().next().value!)
  }

  async count(now: () => Promise<number>): Promise<number> {
    if (this.counted && this.counted.until > performance.now()) return this.counted.n
    const { changes } = this
    const n = await now()
    if (changes === this.changes) this.counted = { n, until: performance.now() + limits.countMs }
    return n
  }

  /** One came or went, and it is committed. */
  changed(): void {
    this.changes++
    this.counted = undefined
  }
}
