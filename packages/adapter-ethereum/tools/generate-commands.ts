import {
  type AnyCommandDefinition,
  commands,
  encodeType,
  type FieldKind,
  kinds,
  levels,
  MAX_SIGNATURES,
  roles,
  SIGNATURE,
  structName,
  toHex,
  typeHash,
  wireFields,
} from '@medseal/protocol';
import { SOLIDITY_HEAD } from './generated-files.ts';
import { constantCase } from './names.ts';

/** Structs, type hashes and strict decoders of all commands. */
export function generateCommands(): string {
  const all = Object.values(commands);
  return `${SOLIDITY_HEAD}
import {Wire} from "../modules/Wire.sol";
import {Malformed} from "./Errors.sol";

${all.map(declareCommand).join('\n\n')}

/// Reads commands off the wire: type byte, one word a field, ${SIGNATURE} bytes a signature. Every byte has one meaning: a
/// field out of its range, surplus bytes or more than ${MAX_SIGNATURES} signatures are \`Malformed\`. A struct in memory is the words of the
/// wire.
library Decode {
    using Wire for bytes;

${all.map(declareDecoder).join('\n\n')}

    /// Everything but the fields: the command, and after it nothing but whole signatures.
    function _checkLength(bytes calldata wire, uint256 words) private pure {
        uint256 end = Wire.fieldsEnd(words);
        require(wire.length >= end, Malformed());
        unchecked {
            uint256 tail = wire.length - end;
            require(tail % ${SIGNATURE} == 0 && tail <= ${MAX_SIGNATURES * SIGNATURE}, Malformed());
        }
    }
}
`;
}

function declareCommand(definition: AnyCommandDefinition): string {
  const prefix = constantCase(definition.name);
  const members = wireFields(definition).map(
    ([name, { kind, doc }]) => `    /// ${doc}\n    ${kinds[kind].solidity} ${name};`,
  );
  return `uint8 constant ${prefix} = ${definition.code};
uint256 constant ${prefix}_WORDS = ${wireFields(definition).length};
// keccak256("${encodeType(definition)}")
bytes32 constant ${prefix}_TYPE = ${toHex(typeHash(definition))};

/// ${definition.doc}
struct ${structName(definition)} {
${members.join('\n')}
}`;
}

function declareDecoder(definition: AnyCommandDefinition): string {
  const checks = wireFields(definition).flatMap(([name, { kind }], index) => {
    const check = rangeCheck(kind, `wire.field(${index})`);
    return check === undefined ? [] : [`            ${check} // ${name}`];
  });
  return `    function ${definition.name}(bytes calldata wire) internal pure returns (${structName(definition)} memory c) {
        _checkLength(wire, ${constantCase(definition.name)}_WORDS);
        uint256 excess;
        unchecked {
${checks.join('\n')}
        }
        require(excess == 0, Malformed());
        assembly ("memory-safe") {
            calldatacopy(c, add(wire.offset, 1), ${wireFields(definition).length * 32})
        }
    }`;
}

/** A statement that leaves a bit in `excess` where the word is outside its range. */
function rangeCheck(kind: FieldKind, word: string): string | undefined {
  switch (kinds[kind].solidity) {
    case 'bytes32':
      return undefined;
    case 'address':
      return `excess |= ${word} >> 160;`;
    case 'bool':
      return `excess |= ${word} >> 1;`;
    case 'uint40':
      return `excess |= ${word} >> 40;`;
    case 'uint32':
      return `excess |= ${word} >> 32;`;
    case 'uint16':
      return inRange(word, 2 ** roles.length - 1);
    case 'uint8':
      return inRange(word, levels.length);
    default:
      throw new TypeError(`No range check is known for fields of kind ${kind}`);
  }
}

/** Zero becomes the largest number, so the quotient is zero for 1 to `most` only. */
function inRange(word: string, most: number): string {
  return `excess |= (${word} - 1) / ${most};`;
}
