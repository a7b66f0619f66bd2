import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { CommitQueue } from '../../src/store/commit-queue'
import { Flush } from '../../src/store/flush'
import { tempFolder } from '../kit/temp-store'

describe('bringing commits onto the disk', () => {
  const folder = tempFolder()
  afterAll(() => folder.remove())

  it('once a disk has failed nothing is promised any more, even where it seems to work again', async () => {
    const file = path.join(folder.path, 'gone/file')
    const flush = new Flush(file)
    const refused = { code: 'storeUnavailable', detail: expect.stringMatching(/did not take the change.*restart/) as string }
    await expect(flush.done()).rejects.toMatchObject(refused)
    mkdirSync(path.dirname(file))
    writeFileSync(file, '')
    await expect(flush.done()).rejects.toMatchObject(refused)
    expect(flush.whyFailed).toMatch(/ENOENT/)
    await flush.close()
  })

  it('who asks while it is under way waits for the next one, and all of them for the same', async () => {
    const file = path.join(folder.path, 'file')
    writeFileSync(file, '')
    const flush = new Flush(file)
    const first = flush.done()
    await new Promise((resolve) => setImmediate(resolve)) // it has begun
    const [second, third] = [flush.done(), flush.done()]
    expect(second).not.toBe(first)
    expect(third).toBe(second)
    await Promise.all([first, second])
    expect(flush.whyFailed).toBeUndefined()
    await flush.close()
  })

  it('answers when the commit is on the disk; others write meanwhile', async () => {
    const statements: string[] = []
    const flushes: (() => void)[] = []
    const queue = new CommitQueue({
      execute: async (statement) => void statements.push(statement),
      flushed: () => new Promise((resolve) => flushes.push(resolve)),
    })
    const answered: string[] = []
    const write = (name: string) => queue.run(async () => undefined, 'interactive').then(() => answered.push(name))
    const first = write('first')
    while (flushes.length < 1) await new Promise((resolve) => setImmediate(resolve))
    const second = write('second')
    while (flushes.length < 2) await new Promise((resolve) => setImmediate(resolve))
    expect(statements.filter((statement) => statement === 'COMMIT')).toHaveLength(2)
    expect(answered).toEqual([])
    flushes[0]!()
    await first
    expect(answered).toEqual(['first'])
    flushes[1]!()
    await second
  })

  it('tells who waits when the disk does not take it', async () => {
    const queue = new CommitQueue({
      execute: async () => undefined,
      flushed: () => Promise.reject(new Error('the disk is full')),
    })
    await expect(queue.run(async () => 1, 'interactive')).rejects.toThrow('the disk is full')
    await queue.idle()
  })
})
