declare const brand: unique symbol

/** A string or number that has passed a check; made only by the parser beside each brand. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** UTC milliseconds since 1970. */
export type Instant = number

/** Counts the changes of what a resource itself says; the SCIM ETag. */
export type Version = Brand<number, 'Version'>

/** Makes a `switch` over a closed union fail to compile when a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
