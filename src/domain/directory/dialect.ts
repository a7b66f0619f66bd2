/**
 * The habits of identity providers that deviate from RFC 7643 and 7644 and are taken nevertheless. The provisioning log stores these
 * names, so one that was released keeps its meaning.
 */
export const dialectRules = [
  /** `"op": "Replace"` (Entra ID). */
  'capitalisedOp',
  /** `"active": "True"`, `roles[primary eq "True"]` (Entra ID, Keycloak). */
  'stringBoolean',
  /** `""` where there is no value: a cleared manager, an empty name (Entra ID). */
  'emptyText',
  /** A path as a key: `"name.givenName": "…"` (Entra ID). */
  'dottedKey',
  /** `"urn:…:User:department": "…"` as a key (Entra ID). */
  'urnKey',
  /** `"department": "…"` beside userName, not in the object of the extension (Entra ID). */
  'attributeOutsideUrn',
  /** `emails[type eq "work"].value` is set of a person without such an address (Entra ID). */
  'valueFilterCreatesElement',
  /** `remove` with the values to take away in the body, not in the path (Entra ID, authentik). */
  'removeByValue',
  /** An element or reference as its bare value: `"manager": "ID"`, `"roles": ["Admin"]` (Entra ID). */
  'bareValue',
  /** A single value as a list of one: `"manager": [{"value": "ID"}]` (Entra ID). */
  'listOfOne',
  /** One element without its list: `"emails": {"value": "…"}` (small clients). */
  'elementWithoutList',
  /** `"path": "members", "value": {"members": […]}` (Salesforce). */
  'wrappedMembers',
  /** A PATCH without a path whose value repeats id, meta or groups (Okta, authentik). */
  'readOnlyRepeated',
  /** `urn:scim:schemas:core:1.0` and its kin (OneLogin). */
  'legacySchemaUrn',
  /** A schema that the resource does not have (Entra ID's ADSCIM group, Okta's custom group). */
  'foreignSchema',
  /** No `schemas` (WSO2, scripts). */
  'schemasMissing',
] as const

/** The short name of one such habit. */
export type DialectRule = (typeof dialectRules)[number]
