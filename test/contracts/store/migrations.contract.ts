import { DataSource } from 'typeorm'
import { dataSourceOptions } from '../../../src/data-source-options'
import { defaultSamlOptions } from '../../../src/domain/access/saml-settings'
import { findSaml } from '../../../src/usecases/access/saml-settings'
import { migrate } from '../../../src/store/migrate'
import type { Version } from '../../../src/domain/brand'
import type { ClientId, GroupId, UserId } from '../../../src/domain/ids'
import { newUuid } from '../../../src/ports/clock'
import { parseFilter } from '../../../src/wire/scim/parse-filter'
import { aClientRow, aGroup, aUser, start } from '../../kit/builders'
import { openTempStore } from '../../kit/temp-store'
import type { Databases } from './databases'
import { addUser, memberIds } from './under-test'

/** One set of migrations, on every database. */
export function migrationsContract(databases: () => Databases): void {
  it('make exactly what the entities say', async () => {
    const database = await databases().empty()
    const { writer } = dataSourceOptions(database)
    // TypeORM reads the schema of MariaDB rightly only when it is told that it is not MySQL
    const source = await new DataSource(writer.type === 'mysql' ? { ...writer, type: 'mariadb' } : writer).initialize()
    await migrate(source)
    const { upQueries } = await source.driver.createSchemaBuilder().log()
    await source.destroy()
    expect(upQueries.map(({ query }) => query)).toEqual([])
  })

  it('change nothing when they run again', async () => {
    const database = await databases().empty()
    const first = await openTempStore(database)
    await addUser(first.store, aUser({ loginName: 'stays' }))
    await first.close()
    const second = await openTempStore(database)
    expect(await second.store.read.users.findByLoginName('stays')).toBeDefined()
    await second.close()
  })

  it('run once when nodes start together', async () => {
    const database = await databases().empty()
    const stores = await Promise.all(Array.from({ length: 3 }, () => openTempStore(database)))
    const rows = await databases().query(database, 'SELECT name FROM system_migration')
    expect(new Set(rows.map((row) => row['name'])).size).toBe(rows.length)
    for (const [i, { store }] of stores.entries()) await addUser(store, aUser({ loginName: `node${i}` }))
    expect(await stores[0]!.store.read.users.count()).toBe(3)
    for (const { close } of stores) await close()
  })

  it('make of the identity provider of before settings that are in force', async () => {
    const database = await databases().empty()
    await (await openTempStore(database)).close()
    const setting = JSON.stringify({ idp: { ssoUrl: 'https://idp/sso', certificates: ['PEM'] }, source: 'environment' })
    await databases().query(database, `DELETE FROM system_migration WHERE name LIKE 'Saml%'`)
    await databases().query(database, 'DROP TABLE saml_trace')
    await databases().query(database, `INSERT INTO system_setting (name, value, updated_at) VALUES ('saml.idp', '${setting}', 1)`)
    const after = await openTempStore(database)
    expect(await findSaml(after)).toMatchObject({
      idp: { ssoUrl: 'https://idp/sso' },
      options: { ...defaultSamlOptions, passwordSignIn: 'everyone' },
    })
    await after.close()
  })

  it('bring lists to the form by which filters and orders find them now', async () => {
    const database = await databases().empty()
    const before = await openTempStore(database)
    const roles = [{ value: 'b' }, { value: 'a', primary: true }]
    const user = await addUser(before.store, aUser({ profile: { x509Certificates: [{ value: 'MIIb' }], roles } }))
    await before.close()
    const earlier = '{"x509Certificates":[{"value":"miib"}],"roles":[{"value":"b"},{"value":"a","primary":"true"}]}'
    await databases().query(database, `UPDATE directory_user SET folded = '${earlier}'`)
    await databases().query(database, `DELETE FROM system_migration WHERE name LIKE 'FoldedLists%'`)
    const after = await openTempStore(database)
    const filter = parseFilter('User', 'x509Certificates.value eq "MIIb" and roles[value eq "b" and primary eq false]')
    const found = await after.store.read.users.list({ filter, startIndex: 1, count: 10 }, undefined)
    expect(found.items).toEqual([user])
    await after.close()
  })

  it('can be taken back', async () => {
    const database = await databases().empty()
    const source = await new DataSource(dataSourceOptions(database).writer).initialize()
    await migrate(source)
    const made = await source.query<readonly unknown[]>('SELECT name FROM system_migration')
    for (const _one of made) await source.undoLastMigration({ transaction: 'each' })
    await expect(source.query('SELECT 1 FROM directory_user')).rejects.toThrow()
    await migrate(source)
    await source.destroy()
  })

  it('keep the clients and tokens of 0.1.0, which go on as they were', async () => {
    const database = await databases().empty()
    const source = await new DataSource(dataSourceOptions(database).writer).initialize()
    await migrate(source)
    const isMade = async () =>
      (await source.query<readonly unknown[]>(`SELECT 1 FROM system_migration WHERE name LIKE 'Clients%'`)).length > 0
    while (await isMade()) await source.undoLastMigration({ transaction: 'each' })
    const [client, token] = [newUuid(start), newUuid(start)]
    await source.query(`INSERT INTO access_client (id, name, name_key, created_at) VALUES ('${client}', 'Entra', 'entra', 1)`)
    await source.query(
      `INSERT INTO access_token (id, client_id, hash, hint, scopes, created_at) VALUES ('${token}', '${client}', 'h', 'kgm_1234…', '["users:read"]', 1)`,
    )
    await source.destroy()
    const { store, close } = await openTempStore(database)
    const found = (await store.read.clients.findToken({ hash: 'h' }))!
    expect(found.client).toEqual(aClientRow({ id: client as ClientId, createdAt: 1 }))
    expect(found.token).toMatchObject({ id: token, kind: 'token', scopes: ['users:read'] })
    await close()
  })

  it('keep the members of the groups of 0.1.0, there and back', async () => {
    const database = await databases().empty()
    const source = await new DataSource(dataSourceOptions(database).writer).initialize()
    await migrate(source)
    const back = async () => {
      const isMade = async () =>
        (await source.query<readonly unknown[]>(`SELECT 1 FROM system_migration WHERE name LIKE 'MemberLists%'`)).length > 0
      while (await isMade()) await source.undoLastMigration({ transaction: 'each' })
    }
    await back()
    const [group, user] = [newUuid(start) as GroupId, newUuid(start) as UserId]
    await source.query(`INSERT INTO directory_group (id, kind, built_in, name, name_key, code, description, version, created_at, updated_at)
      VALUES ('${group}', 'static', 0, '営業部', '営業部', 'sales', NULL, 3, 1, 2)`)
    await source.query(`INSERT INTO directory_member (group_id, member_id, member_kind) VALUES ('${group}', '${user}', 'user')`)
    const { store, close } = await openTempStore(database)
    expect(await store.read.groups.find(group, undefined)).toEqual(
      aGroup({ id: group, version: 3 as Version, createdAt: 1, updatedAt: 2 }),
    )
    expect(await memberIds(store, group)).toEqual([user])
    expect((await store.read.users.groupsOf([user])).get(user)).toEqual([{ id: group, name: '営業部', direct: true }])
    await close()
    await back()
    expect(await source.query('SELECT group_id, member_id, member_kind FROM directory_member')).toEqual([
      { group_id: group, member_id: user, member_kind: 'user' },
    ])
    await source.destroy()
  })
}
