/** Where to go after signing in: a path of this site, never another one (open redirect); `/` for anything else. */
export function returnPath(wanted: string | undefined): string {
  return wanted !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(wanted) ? wanted : '/'
}
