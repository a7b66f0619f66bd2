import type { Scenario } from '../turns'
import { bulks } from './bulk'
import { creation, statements } from './create'
import { cycles } from './cycles'
import { lookUps } from './look-up'
import { beside, membership } from './members'
import { mirror } from './mirror'
import { onePerson } from './one-person'
import { cursors, paging } from './pages'
import { saml } from './saml'
import { signIn } from './sign-in'
import { memory, memoryAfterStalls, stalls } from './stalls'

/**
 * In this order: what only reads comes before what lets the directories grow, the statements are counted while no other server is
 * on the database yet, and people sign in by password before SAML is on.
 */
export const scenarios: readonly Scenario[] = [
  statements,
  ...creation.filter(({ name }) => /^create-\d+$/.test(name)),
  mirror,
  ...bulks.filter(({ name }) => name === 'bulk'),
  ...cycles,
  ...lookUps,
  ...paging,
  cursors,
  ...creation.filter(({ name }) => name === 'create-peers'),
  ...bulks.filter(({ name }) => name === 'bulk-peers'),
  memory,
  ...onePerson,
  signIn,
  ...saml,
  ...membership,
  beside,
  ...creation.filter(({ name }) => name === 'create-large'),
  ...stalls,
  memoryAfterStalls,
]
