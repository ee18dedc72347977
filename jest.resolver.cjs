// Some packages export only an `import` condition; jest's CommonJS resolution must be told to take it.
module.exports = (request, options) => {
  try {
    return options.defaultResolver(request, options);
  } catch {
    return options.defaultResolver(request, { ...options, conditions: ['node', 'import', 'default'] });
  }
};
