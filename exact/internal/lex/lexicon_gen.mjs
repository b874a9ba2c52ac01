// Writes given names of many countries, one a line, from @faker-js/faker (MIT):
// node lexicon_gen.mjs FAKER_DIRECTORY > NAMES
const { allLocales } = await import(process.argv[2] + "/dist/index.js");
const locales = ["en", "en_IN", "de", "fr", "es", "es_MX", "it", "pt_BR", "pt_PT", "nl", "pl", "ru", "sv", "nb_NO", "da", "fi", "cs_CZ", "tr", "hu", "ro"];
const names = new Set();
for (const l of locales) {
  for (const list of Object.values(allLocales[l].person.first_name)) {
    for (const name of list ?? []) names.add(name);
  }
}
console.log([...names].sort().join("\n"));
