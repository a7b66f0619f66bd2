import { parentPort, workerData } from 'node:worker_threads'
import { client, xml } from '@xmpp/client'

// One XMPP session for test/kit/xmpp.ts: calls come as { id, method, args }, answers and events go back.
const xmpp = client(workerData)
xmpp.reconnect.stop()
const tell = (message) => parentPort.postMessage(message)

const methods = {
  signIn: async () => String(await xmpp.start()),
  roster: async () => {
    const items = (await xmpp.iqCaller.get(xml('query', 'jabber:iq:roster'))).getChildren('item')
    return items.map((item) => ({ ...item.attrs, groups: item.getChildren('group').map((group) => group.text()) }))
  },
  addContact: async (jid) => void (await xmpp.iqCaller.set(xml('query', 'jabber:iq:roster', xml('item', { jid })))),
  putPrivate: async (text) => void (await xmpp.iqCaller.set(xml('query', 'jabber:iq:private', xml('notes', 'test:notes', text)))),
  getPrivate: async () =>
    (await xmpp.iqCaller.get(xml('query', 'jabber:iq:private', xml('notes', 'test:notes'))))
      .getChild('notes', 'test:notes')
      .text(),
  present: async () => void (await xmpp.send(xml('presence'))),
  send: async (to, body) => void (await xmpp.send(xml('message', { to, type: 'chat' }, xml('body', {}, body)))),
  signOut: async () => void (await xmpp.stop()),
}

xmpp.on('error', (error) => tell({ ended: error.condition ?? error.message }))
xmpp.on('offline', () => tell({ ended: 'offline' }))
xmpp.on('disconnect', () => tell({ ended: 'disconnect' }))
xmpp.on('stanza', (stanza) => {
  if (stanza.is('message') && stanza.getChildText('body')) tell({ message: stanza.getChildText('body') })
})
parentPort.on('message', ({ id, method, args }) =>
  methods[method](...args).then(
    (value) => tell({ id, value }),
    (error) => tell({ id, error: error.condition ?? error.message }),
  ),
)
