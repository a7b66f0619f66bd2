import type { MigrationInterface, QueryRunner } from 'typeorm'
import type { UserAttributes, UserProfile } from '../../domain/directory/user'
import { foldProfile } from '../folded'
import { parsedJson } from '../queries/access'

type Row = {
  readonly id: string
  readonly family_name: string | null
  readonly given_name: string | null
  readonly profile: unknown
  readonly folded: unknown
}

/** Lists as filters and orders look at them now: the primary element first, each with its `primary`, certificates with their case. */
export class FoldedLists1764100000011 implements MigrationInterface {
  name = 'FoldedLists1764100000011'

  async up(runner: QueryRunner): Promise<void> {
    for (let after = ''; ;) {
      const users = (await runner.query(
        'SELECT id, family_name, given_name, profile, folded FROM directory_user WHERE id > ? ORDER BY id LIMIT 500',
        [after],
      )) as readonly Row[]
      for (const user of users) {
        const folded = JSON.stringify(foldProfile(attributesOf(user)))
        if (folded !== JSON.stringify(parsedJson(user.folded))) {
          await runner.query('UPDATE directory_user SET folded = ? WHERE id = ?', [folded, user.id])
        }
      }
      if (users.length < 500) return
      after = users[users.length - 1]!.id
    }
  }

  /** What is there serves the earlier program too. */
  async down(): Promise<void> {}
}

const attributesOf = ({
  family_name,
  given_name,
  profile,
}: Row): Pick<UserAttributes, 'familyName' | 'givenName' | 'profile'> => ({
  ...(family_name === null ? {} : { familyName: family_name }),
  ...(given_name === null ? {} : { givenName: given_name }),
  profile: parsedJson(profile) as UserProfile,
})
