import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

describe('npm run demo', () => {
  it('shows people, groups, changes, a suspension and a deletion arrive in chat and mail', async () => {
    const script = path.join(__dirname, '../../dist/src/tools/demo/main.js')
    const { stdout } = await promisify(execFile)(process.execPath, [script], { env: { PATH: process.env['PATH'] } })
    expect(stdout).toContain('chat   50 accounts, 50 may sign in: + ')
    expect(stdout).toContain('+ hanako.yamada@example.jp, - hanako.sato@example.jp')
    expect(stdout).toContain('48 may sign in: - 佐藤 美咲')
    expect(stdout.trim()).toMatch(/The demo is over: chat and mail held what they should after every step\.$/)
  })
})
