import { readFileSync } from 'node:fs'
import type { Parts } from '../assemble'
import type { SamlState } from '../domain/access/saml-settings'
import type { SpKeys } from '../domain/access/sp-key'
import { changeSamlDraft, disableSaml, enableSaml, isLocked, isTested, mayEnable, showSaml } from '../usecases/access/saml-change'
import { addNextSpKey, promoteSpKey, retireSpKeys, showSpKeys } from '../usecases/access/saml-keys'
import { startSamlTest } from '../usecases/access/saml-test'
import { getSamlSignIn, listSamlSignIns } from '../usecases/access/saml-trace'
import { InvalidInput, parseInput } from '../wire/admin/parse-input'
import { presentSaml, presentSignIn, samlChange, samlChangeFrom } from '../wire/admin/saml'
import { certificateFacts } from '../wire/saml/certificates'
import { samlSp } from '../wire/saml/service-provider'
import { day, operator, print, tell, Usage, wholeNumber } from './terminal'

export const samlHelp = `  kagami saml show                        the SAML settings in force, their draft, and what to look after
  kagami saml set                         change the draft; what is in force stays until it is enabled
      [--metadata FILE]                   the identity provider's metadata, - for standard input; or its values:
      [--sso-url URL] [--certificate FILE] [--certificate NEXT] [--entity-id ID]
      [--logout-url URL]                  where a browser goes after signing out; '' for none
      [--clock-skew SECONDS] [--allow-sha1 on|off] [--sign-requests on|off] [--force-authn on|off]
      [--authn-context URI,URI]           ask for one of these AuthnContext classes; '' for any
      [--jit on|off]                      make who signs in and is not there, with [--jit-display-name ATTRIBUTE]
                                          [--jit-email …] [--jit-family-name …] [--jit-given-name …]
      [--password-sign-in administrators|everyone]   who may use /login?saml=off while SAML is on
  kagami saml test                        a URL to try the draft by, once, within ten minutes; it opens no session
  kagami saml enable                      put the draft in force, once it was tried
      [--force --reason TEXT]             without a test; the reason stands in the audit log
  kagami saml disable                     sign in with the local password again; the settings are kept
  kagami saml key show|next|promote|retire       our own keys: publish a next one, let it sign, forget the old one
  kagami saml sign-ins [ID]               the last hundred sign-ins by SAML; with an id or request id every check of one
`

export const samlOptions = {
  metadata: { type: 'string' },
  'sso-url': { type: 'string' },
  certificate: { type: 'string', multiple: true },
  'entity-id': { type: 'string' },
  'logout-url': { type: 'string' },
  'clock-skew': { type: 'string' },
  'allow-sha1': { type: 'string' },
  'sign-requests': { type: 'string' },
  'force-authn': { type: 'string' },
  'authn-context': { type: 'string' },
  jit: { type: 'string' },
  'jit-display-name': { type: 'string' },
  'jit-email': { type: 'string' },
  'jit-family-name': { type: 'string' },
  'jit-given-name': { type: 'string' },
  'password-sign-in': { type: 'string' },
  force: { type: 'boolean' },
  reason: { type: 'string' },
} as const

type Values = {
  readonly [Name in keyof typeof samlOptions]?:
    (Name extends 'certificate' ? string[] : (typeof samlOptions)[Name]['type'] extends 'boolean' ? boolean : string) | undefined
}
type Command = (parts: Parts, values: Values, argument: string) => Promise<void>

export const samlArguments: Readonly<Record<string, string>> = {
  'saml key': 'one of show, next, promote, retire',
  'saml sign-ins': 'an id',
}

export const samlCommands: Readonly<Record<string, Command>> = {
  'saml show': async (parts) => show(parts, await showSaml(parts, operator)),
  'saml set': async (parts, values) => {
    const change = changeOf(values)
    if (Object.keys(change).length === 0) throw new Usage('saml set needs an option that says what is to change')
    const applied = await inWords(() => samlChangeFrom(parseInput(samlChange, change), parts.clock.now()))
    const state = await inWords(() => changeSamlDraft(parts, operator, applied))
    show(parts, state)
    if (!mayEnable(state)) tell('Try it now: kagami saml test')
  },
  'saml test': async (parts) => {
    const { token, expiresAt } = await startSamlTest(parts, operator)
    print(`${parts.saml.entityId}/saml/login?test=${token}`)
    tell(`Open it in a browser before ${day(expiresAt)} UTC; it works once. When it succeeds: kagami saml enable`)
  },
  'saml enable': async (parts, { force, reason }) => {
    if ((force ?? false) !== (reason !== undefined)) throw new Usage('--force and --reason TEXT belong together')
    await enableSaml(parts, operator, reason === undefined ? {} : { force: { reason } })
    print('SAML is on, on every node within a second. /login?saml=off goes on to take the local password of administrators.')
  },
  'saml disable': async (parts) => {
    await disableSaml(parts, operator)
    print('SAML is off, on every node within a second; the settings are kept.')
  },
  'saml key': async (parts, _values, step) => {
    const steps = { show: showSpKeys, next: addNextSpKey, promote: promoteSpKey, retire: retireSpKeys }
    const take = Object.hasOwn(steps, step) ? steps[step as keyof typeof steps] : undefined
    if (!take) throw new Usage(`there is no saml key ${step}. Steps: ${Object.keys(steps).join(', ')}`)
    showKeys(await take(parts, operator))
  },
  'saml sign-ins': async (parts, _values, id) => (id === '' ? listSignIns(parts) : showSignIn(parts, id)),
}

/** @throws Usage */
function changeOf(values: Values): Readonly<Record<string, unknown>> {
  const { metadata, certificate } = values
  const textOrNull = (text: string | undefined) => (text === '' ? null : text)
  const idp = {
    metadata: metadata === undefined ? undefined : readText(metadata),
    ssoUrl: values['sso-url'],
    certificates: certificate?.map(readText),
    entityId: textOrNull(values['entity-id']),
    logoutUrl: textOrNull(values['logout-url']),
  }
  const jit = {
    enabled: onOff('jit', values.jit),
    displayName: textOrNull(values['jit-display-name']),
    email: textOrNull(values['jit-email']),
    familyName: textOrNull(values['jit-family-name']),
    givenName: textOrNull(values['jit-given-name']),
  }
  const skew = values['clock-skew']
  return given({
    idp: orNothing(given(idp)),
    clockSkewSeconds: skew === undefined ? undefined : wholeNumber('clock-skew', skew, 0),
    allowSha1: onOff('allow-sha1', values['allow-sha1']),
    signAuthnRequests: onOff('sign-requests', values['sign-requests']),
    forceAuthn: onOff('force-authn', values['force-authn']),
    requestedAuthnContext: values['authn-context']?.split(',').filter((one) => one.trim() !== ''),
    jit: orNothing(given(jit)),
    passwordSignIn: values['password-sign-in'],
  })
}

const given = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
const orNothing = (fields: object) => (Object.keys(fields).length === 0 ? undefined : fields)

/** @throws Usage */
function onOff(option: string, text: string | undefined): boolean | undefined {
  if (text !== undefined && text !== 'on' && text !== 'off') throw new Usage(`--${option} needs on or off`)
  return text === undefined ? undefined : text === 'on'
}

/** @throws Usage */
function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch {
    throw new Usage(`${file} cannot be read`)
  }
}

/** What the shapes of the API refuse, as a mistake of the command line. @throws Usage */
async function inWords<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof InvalidInput) throw new Usage(error.message.replace(/\.$/, ''))
    throw error
  }
}

function show(parts: Parts, state: SamlState): void {
  const { saml, clock } = parts
  const facts = {
    sp: samlSp(saml.entityId),
    locked: isLocked(parts, state),
    mayEnable: mayEnable(state),
    tested: isTested(state),
  }
  const { enabled, sp, active, draft, test, locked, warnings } = presentSaml(state, { ...facts, now: clock.now() })
  print(`SAML is ${enabled ? 'on' : 'off'}`)
  print(`at the identity provider: entity id ${sp.entityId}, ACS URL ${sp.acsUrl}, metadata ${sp.metadataUrl}`)
  if (enabled && active) lines('in force', active).forEach(print)
  if (!enabled || JSON.stringify(active) !== JSON.stringify(draft)) lines('draft', draft).forEach(print)
  if (locked.length > 0) print('The identity provider is set by the environment (KAGAMI_SAML_…) and changed there.')
  print(test ? `draft tried ${test.at.slice(0, 16).replace('T', ' ')} UTC as ${test.nameId}` : 'draft not tried')
  for (const { detail } of warnings) print(`! ${detail}`)
}

type Presented = ReturnType<typeof presentSaml>['draft']

function lines(title: string, { idp, jit, ...options }: Presented): readonly string[] {
  const texts = idp
    ? [
        `sign-on URL ${idp.ssoUrl}`,
        `entity id ${idp.entityId ?? 'not checked'}`,
        `sign-out URL ${idp.logoutUrl ?? 'none'}`,
        ...idp.certificates.map(
          ({ sha256, keyType, keyBits, notAfter, state }) =>
            `certificate ${sha256.slice(0, 16)}… ${keyType} ${keyBits ?? ''} ${state}, until ${notAfter.slice(0, 10)}`,
        ),
      ]
    : ['no identity provider']
  const told = Object.entries({ ...options, jit: jit.enabled }).map(
    ([name, value]) => `${name} ${Array.isArray(value) ? value.join(',') || 'none' : String(value)}`,
  )
  return [`${title}:`, ...[...texts, ...told].map((text) => `  ${text}`)]
}

function showKeys(keys: SpKeys): void {
  for (const { id, use, from, certificate } of keys) {
    const { sha256, notAfter } = certificateFacts(certificate)
    print([use.padEnd(8), id, from, `certificate ${sha256.slice(0, 16)}…`, `until ${day(notAfter)} UTC`].join('  '))
  }
}

async function listSignIns(parts: Parts): Promise<void> {
  const signIns = await listSamlSignIns(parts, operator)
  if (signIns.length === 0) return print('Nobody has signed in by SAML yet.')
  for (const signIn of signIns) {
    const { id, nameId, code, failed, test, address, missed } = presentSignIn(signIn)
    print(
      [
        day(signIn.at),
        id,
        (code ?? 'ok').padEnd(10),
        JSON.stringify(nameId ?? '').slice(0, 80),
        address ?? '-',
        ...(failed.length > 0 ? [`failed: ${failed.join(', ')}`] : []),
        ...(test ? ['test'] : []),
        ...(missed > 0 ? [`${missed} more before it`] : []),
      ].join('  '),
    )
  }
}

/** What an identity provider wrote is shown as JSON text, so that it cannot steer a terminal. */
async function showSignIn(parts: Parts, id: string): Promise<void> {
  const signIn = await getSamlSignIn(parts, operator, id)
  const { at, requestId, code, nameId, address } = signIn
  print(`${day(at)} UTC  ${code ?? 'ok'}  ${JSON.stringify(nameId ?? '')}  from ${address ?? '-'}  request ${requestId}`)
  for (const { name, passed, expected, actual } of signIn.verdicts) {
    const facts = passed ? '' : `  expected ${JSON.stringify(expected ?? '')}, came ${JSON.stringify(actual ?? '')}`
    print(`  ${passed ? 'Succeeded' : 'Failed   '}  ${name}${facts}`)
  }
  if (signIn.xml !== undefined) print(signIn.xml.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '\ufffd'))
}
