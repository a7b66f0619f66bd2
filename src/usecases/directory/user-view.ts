import type { User } from '../../domain/directory/user'
import type { GroupRef, UserReads } from '../../ports/store/directory'

/** A user as an answer shows him: with the groups he belongs to. */
export type UserView = { readonly user: User; readonly groups: readonly GroupRef[] }

export async function viewUser(users: UserReads, user: User): Promise<UserView> {
  return { user, groups: (await users.groupsOf([user.id])).get(user.id) ?? [] }
}
