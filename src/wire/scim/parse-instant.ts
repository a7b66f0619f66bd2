const dateTime = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9})\d*)?)?(Z|[+ -]\d{2}:?\d{2})?)?$/i

/**
 * UTC milliseconds, with their fraction, of an xsd:dateTime (RFC 7643 §2.3.5); undefined for what is none, such as 30 February.
 * A time without an offset is UTC. The `+` of an offset may have become a blank: in a URL it has to be written `%2B`.
 */
export function parseInstant(text: string): number | undefined {
  const [, day, minute = '00:00', second = '00', fraction = '', zone = 'Z'] = dateTime.exec(text) ?? []
  if (day === undefined || new Date(`${day}T00:00Z`).toJSON()?.slice(0, 10) !== day) return undefined
  const offset = zone
    .replace(' ', '+')
    .replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')
    .toUpperCase()
  const instant = Date.parse(`${day}T${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`)
  if (Number.isNaN(instant)) return undefined
  return fraction.length > 3 ? instant + Number(`0.${fraction.slice(3)}`) : instant
}
