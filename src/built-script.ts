import path from 'node:path'

/** The built script of a thread, from the folder of the file that starts it. Tests and tools run the sources: they take what was built. */
export function builtScript(folder: string, name: string): string {
  const root = __filename.endsWith('.ts') ? path.join(__dirname, '../dist/src') : __dirname
  return path.join(root, path.relative(__dirname, folder), `${name}.js`)
}
