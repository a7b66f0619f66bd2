import request from 'supertest'
import { startTestServer } from '../../kit/server'

describe('probes and metrics', () => {
  it('live, ready, and measured by route', async () => {
    const server = await startTestServer()
    await server.scim('get', '/Users/01a21184-f6b4-71fa-8718-6a40efab043d')
    const [live, ready, metrics] = await Promise.all(
      ['/livez', '/readyz', '/metrics'].map((path) => request(server.url).get(path)),
    )
    await server.stop()
    expect([live!.status, ready!.status, ready!.body]).toEqual([200, 200, { status: 'ok' }])
    expect(metrics!.text).toContain('kagami_http_request_seconds_count{method="GET",route="/scim/v2/Users/:id",status="404"} 1')
    expect(metrics!.text).toContain('kagami_mirror_accounts{target="chat",state="waiting"} 0')
  })

  it('are not on the main port when they have one of their own', async () => {
    const server = await startTestServer({ KAGAMI_MANAGEMENT_PORT: '0' })
    const answer = await request(server.url).get('/metrics')
    await server.stop()
    expect(answer.status).toBe(404)
  })
})
