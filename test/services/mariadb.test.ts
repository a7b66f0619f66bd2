import { hookTimeoutMs } from './service'
import { describeWith } from './describe-with'
import { query, startMariadb, type Mariadb } from './mariadb'

describeWith(['mariadb'], 'startMariadb', () => {
  let mariadb: Mariadb
  beforeAll(async () => void (mariadb = await startMariadb()), hookTimeoutMs)
  afterAll(() => mariadb.stop(), hookTimeoutMs)

  it('gives databases of their own, down and up again with what they hold', async () => {
    const [one, two] = [await mariadb.createDatabase(), await mariadb.createDatabase()]
    await query(one, "CREATE TABLE name (text VARCHAR(20)); INSERT INTO name VALUES ('山田 太郎')")
    await expect(query(two, 'SELECT text FROM name')).rejects.toThrow("doesn't exist")
    await mariadb.down('kill')
    await expect(query(one, 'SELECT text FROM name')).rejects.toThrow('ECONNREFUSED')
    await mariadb.up()
    expect(await query(one, 'SELECT text FROM name')).toEqual([{ text: '山田 太郎' }])
  })
})
