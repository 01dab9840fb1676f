// Two languages: strings.js holds the page's own texts, the server's table (words.json) those of reasons.
import {strings} from './strings.js';

let language = 'zh';
let words = {reasons: {}, returns: {}};

export function chooseLanguage() {
  const saved = localStorage.getItem('language');
  setLanguage(saved === 'zh' || saved === 'en' ? saved : (navigator.language || 'zh').startsWith('zh') ? 'zh' : 'en');
}

export function setLanguage(to) {
  language = to;
  document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en';
}

export function saveLanguage(to) {
  localStorage.setItem('language', to);
  setLanguage(to);
}

export const currentLanguage = () => language;

export function setWords(table) {
  words = table;
}

// t('key', {n: 3}): "{n}" in the text becomes 3; "{n|page|pages}" chooses by number.
export function t(key, values = {}) {
  const text = strings[language][key];
  if (text === undefined) return key;
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (_, name, one, many) =>
    one === undefined ? String(values[name]) : values[name] === 1 ? one : many);
}

export const hasText = (key) => key in strings[language];
export const reasonLabel = (word) => words.reasons[word]?.label[language] ?? word;
export const reasonAdvice = (word) => words.reasons[word]?.advice?.[language] ?? '';
export const returnWords = () => Object.keys(words.returns);
export const returnLabel = (word) => words.returns[word]?.label[language] ?? word;
export const returnAdvice = (word) => words.returns[word]?.advice?.[language] ?? '';

export function time(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : date.toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', {dateStyle: 'short', timeStyle: 'short'});
}
