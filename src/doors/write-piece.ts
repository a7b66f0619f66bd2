import type { Response } from 'express'

/** Writes a part of an answer, and waits while the client reads more slowly than we write. */
export async function writePiece(res: Response, text: string): Promise<void> {
  if (res.write(text) || res.destroyed) return
  await new Promise<void>((resolve) => {
    const go = () => {
      res.off('drain', go)
      res.off('close', go)
      resolve()
    }
    res.on('drain', go)
    res.on('close', go)
  })
}
