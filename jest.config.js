const esmOnly = ['pkijs', 'asn1js', 'bytestreamjs', '@peculiar/utils', '@scure/base', '@noble/hashes']
const swc = (syntax) => [
  '@swc/jest',
  { jsc: { target: 'es2023', parser: { syntax } }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
]

module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  transform: { '^.+\\.[cm]?tsx?$': swc('typescript'), '^.+\\.m?js$': swc('ecmascript') },
  transformIgnorePatterns: [`/node_modules/(?!(?:.+/node_modules/)?(?:${esmOnly.join('|')})/)`],
  maxWorkers: 2,
  testTimeout: 30_000,
}
