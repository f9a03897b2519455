import { registerHooks } from 'node:module';

/** As on a machine on which the optional package `secp256k1` is not installed. */
registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('secp256k1')) throw new Error('not installed');
    return next(specifier, context);
  },
});
