/** What generated tests start from; another by FUZZ_SEED. It stands in their names, and fast-check repeats it when one fails. */
export const seed = Number(process.env['FUZZ_SEED'] ?? 20_260_401)
