// Globs over step ids as `--only` means them: `*` is any characters, commas separate alternatives.

export const matchesGlob = (id: string, glob: string): boolean =>
  glob.split(',').some((one) => toRegExp(one.trim()).test(id));

const toRegExp = (glob: string): RegExp =>
  new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
