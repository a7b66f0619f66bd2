import { tempFolder } from '../kit/temp-store'
import { startMortalServer, type MortalServer } from './mortal-server'

describe('startMortalServer', () => {
  const folder = tempFolder()
  let server: MortalServer
  afterEach(() => server.stop())
  afterAll(() => folder.remove())
  const settings = { KAGAMI_PORT: '0', KAGAMI_DATA_DIR: folder.path, KAGAMI_ORGANIZATION_DOMAIN: 'example.jp' }
  const answers = async (url: string) => (await fetch(`${url}/livez`).catch(() => undefined))?.status
  const deaths = [
    { at: 'answer', k: 1 },
    { at: 'answer', k: 2 },
  ] as const

  it('lives again after each death, and no more after it was stopped', async () => {
    const lives: number[] = []
    server = startMortalServer(settings, deaths, async (n) => void lives.push(n))
    const first = await server.url()
    expect(await answers(first)).toBe(200)
    server.answered()
    while ((await answers(first)) !== undefined || lives.length === 0);
    const second = await server.url()
    expect(await answers(second)).toBe(200)
    await server.stop()
    expect([lives, server.deathsLeft(), await answers(second)]).toEqual([[1], 1, undefined])
    await expect(server.url()).rejects.toThrow('The server ended: 0.')
    await server.stop()
  })

  it('is stopped for good also between two lives', async () => {
    let reborn: (() => void) | undefined
    server = startMortalServer(settings, deaths, () => new Promise((resolve) => (reborn = resolve)))
    const url = await server.url()
    server.answered()
    while (reborn === undefined) await new Promise((resolve) => setTimeout(resolve, 20))
    const stopped = server.stop()
    reborn()
    await stopped
    await expect(server.url()).rejects.toThrow('The server was stopped.')
    expect(await answers(url)).toBeUndefined()
  })
})
