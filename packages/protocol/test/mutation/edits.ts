import ts from 'typescript';

/** One replacement in one file: the whole of a mutant. */
export interface Edit {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Comparisons of numbers, not of addresses. */
const numeric = /time|until|version|length|indexOf/i;

type Make = (kind: string, node: ts.Node, text: string) => Edit;

const methods: ReadonlyMap<string, string> = new Map([
  ['some', 'every'],
  ['every', 'some'],
]);

const comparisons: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>=', '>'],
  '<=': ['<', '>', '>='],
  '>': ['>=', '<=', '<'],
  '>=': ['>', '<', '<='],
};

const arithmetic: Readonly<Record<string, readonly string[]>> = {
  '+': ['-'],
  '-': ['+'],
  '|': ['&'],
  '&': ['|'],
  '<<': ['>>'],
  '>>': ['<<'],
};

/** Words that are mistaken for each other most easily; any other word becomes one that nobody knows. */
const likely: Readonly<Record<string, readonly string[]>> = {
  active: ['banned'],
  banned: ['active'],
  granted: ['denied', 'revoked'],
  denied: ['granted', 'revoked'],
  revoked: ['granted', 'denied'],
  reject: ['violation'],
  violation: ['reject'],
  rejected: ['violation', 'applied'],
  patient: ['provider'],
  provider: ['patient'],
  organisation: ['patient'],
  low: ['private'],
  authority: ['authority, participant'],
  'authority, participant': ['authority'],
};

/** Text for people and declarations of fields: the wire is held by the vectors, not by this table. */
const silent = new Set(['doc', 'effectDoc', 'repeatsDoc', 'fields']);

function isSilent(node: ts.Node): boolean {
  if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return true;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  return ts.isPropertyAssignment(node) && silent.has(node.name.getText());
}

/** Every element dropped, and every two neighbours swapped. */
function ofList(make: Make, kind: string, list: ts.NodeArray<ts.Node>): readonly Edit[] {
  const [first, last] = [list[0], list.at(-1)];
  if (first === undefined || last === undefined) return [];
  const texts = list.map((element) => element.getText());
  const whole = (parts: readonly string[], what: string): Edit => {
    const { start } = make('', first, '');
    return { kind: `${kind}: ${what}`, start, end: last.getEnd(), text: parts.join(', ') };
  };
  return texts.flatMap((text, index) => {
    const next = texts[index + 1];
    const dropped = whole(texts.toSpliced(index, 1), 'drop');
    return next === undefined || next === text
      ? [dropped]
      : [dropped, whole(texts.with(index, next).with(index + 1, text), 'swap')];
  });
}

function ofBinary(make: Make, node: ts.BinaryExpression): readonly Edit[] {
  const [left, operator, right] = [node.left.getText(), node.operatorToken.getText(), node.right.getText()];
  const swapped = [...(comparisons[operator] ?? []), ...(arithmetic[operator] ?? [])];
  const edits = swapped.map((other) => make('operator', node.operatorToken, other));
  if (/^[<>]=?$/.test(operator) && numeric.test(node.getText())) {
    edits.push(make('off by one', node.right, `(${right}) + 1`), make('off by one', node.right, `(${right}) - 1`));
  }
  if (['&&', '||', '??'].includes(operator)) {
    edits.push(make('operand', node, left), make('operand', node, right));
    if (operator !== '??') edits.push(make('operator', node.operatorToken, operator === '&&' ? '||' : '&&'));
  }
  return edits;
}

function ofLiteral(make: Make, node: ts.Node): readonly Edit[] {
  if (ts.isNumericLiteral(node)) {
    const value = Number(node.text.replaceAll('_', ''));
    return [value + 1, value - 1].map((other) => make('number', node, `(${other})`));
  }
  if (ts.isStringLiteral(node) && !ts.isImportDeclaration(node.parent)) {
    const others = Object.hasOwn(likely, node.text) ? likely[node.text] : ['mutated'];
    return (others ?? []).map((other) => make('word', node, `'${other}'`));
  }
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [make('truth', node, 'false')];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [make('truth', node, 'true')];
  return [];
}

function ofStatement(make: Make, node: ts.Node): readonly Edit[] {
  if (ts.isConditionalExpression(node)) {
    return [make('branch', node, node.whenTrue.getText()), make('branch', node, node.whenFalse.getText())];
  }
  if (ts.isIfStatement(node)) {
    const condition = node.expression.getText();
    return [make('check: drop', node, ';'), make('check: negate', node.expression, `!(${condition})`)];
  }
  if (ts.isBlock(node)) {
    return node.statements.flatMap((statement, index) => {
      const next = node.statements[index + 1];
      if (next === undefined || !ts.isIfStatement(statement) || !ts.isIfStatement(next)) return [];
      const text = `${next.getText()}\n${statement.getText()}`;
      return [{ ...make('check: swap', statement, text), end: next.getEnd() }];
    });
  }
  return [];
}

function ofExpression(make: Make, node: ts.Node): readonly Edit[] {
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return [make('operator', node, node.operand.getText())];
  if (ts.isCallExpression(node)) {
    const swaps = ofList(make, 'argument', node.arguments).filter(({ kind }) => kind.endsWith('swap'));
    const { expression } = node;
    if (!ts.isPropertyAccessExpression(expression)) return swaps;
    const other = methods.get(expression.name.text);
    return other === undefined ? swaps : [...swaps, make('operator', expression.name, other)];
  }
  if (ts.isArrayLiteralExpression(node)) {
    const isRule = ts.isArrayLiteralExpression(node.parent);
    if (!isRule) return ofList(make, isRules(node) ? 'rule' : 'element', node.elements);
    const test = node.elements[2];
    if (test === undefined || !ts.isArrowFunction(test)) return ofList(make, 'element', node.elements);
    return ['true', 'false'].map((answer) => make('test', test.body, answer));
  }
  return [];
}

function isRules(node: ts.Node): boolean {
  return ts.isPropertyAssignment(node.parent) && node.parent.name.getText() === 'rules';
}

/** Fields of what is written or given back; the declaration of a command itself is no such object. */
function ofObject(make: Make, node: ts.Node): readonly Edit[] {
  if (!ts.isObjectLiteralExpression(node) || ts.isVariableDeclaration(node.parent)) return [];
  return ofList(make, 'field', node.properties).filter(({ kind }) => kind.endsWith('drop'));
}

/** `c.one` becomes `c.other`, where both fields are of one kind. */
function ofField(make: Make, node: ts.Node, kindOf: ReadonlyMap<string, string>): readonly Edit[] {
  if (!ts.isPropertyAccessExpression(node) || node.expression.getText() !== 'c') return [];
  const kind = kindOf.get(node.name.text);
  const others = [...kindOf].filter(([name, its]) => its === kind && name !== node.name.text);
  return others.map(([name]) => make('other field', node.name, name));
}

/** Withdrawal stays open to the banned, nothing else: the mark is taken away, or given to who has none. */
function ofBan(make: Make, node: ts.Node): readonly Edit[] {
  if (!ts.isPropertyAssignment(node)) return [];
  if (node.name.getText() === 'allowsBanned') return [make('allowsBanned: drop', node.initializer, 'undefined')];
  if (node.getText() !== "signers: 'actor'") return [];
  const marked = ts.isObjectLiteralExpression(node.parent) && node.parent.getText().includes('allowsBanned');
  return marked ? [] : [make('allowsBanned: add', node, `${node.getText()}, allowsBanned: true`)];
}

/** All mutants of one file, or of one function in it. */
export function editsOf(source: string, kindOf: ReadonlyMap<string, string>, within?: string): readonly Edit[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const make: Make = (kind, node, text) => ({ kind, start: node.getStart(), end: node.getEnd(), text });
  const edits: Edit[] = [];
  const visit = (node: ts.Node, inside: boolean): void => {
    if (isSilent(node)) return;
    const here = inside || (ts.isFunctionDeclaration(node) && node.name?.text === within);
    if (here) {
      edits.push(...ofStatement(make, node), ...ofExpression(make, node), ...ofObject(make, node));
      edits.push(...ofLiteral(make, node), ...ofField(make, node, kindOf), ...ofBan(make, node));
      if (ts.isBinaryExpression(node)) edits.push(...ofBinary(make, node));
    }
    ts.forEachChild(node, (child) => {
      visit(child, here);
    });
  };
  visit(file, within === undefined);
  return edits.filter(({ start, end, text }) => source.slice(start, end) !== text);
}
