// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// The wire form of a command: type byte, one word a field, signatures r ‖ s ‖ v. Callers check the length first: beyond
/// the end of calldata would stand zeros.
library Wire {
    uint256 internal constant SIGNATURE = 65;

    /// Where the fields end and the signatures begin.
    function fieldsEnd(uint256 words) internal pure returns (uint256) {
        unchecked {
            return 1 + words * 32;
        }
    }

    /// The 32 bytes from `start` on.
    function word(bytes calldata wire, uint256 start) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := calldataload(add(wire.offset, start))
        }
    }

    /// The `index`-th field of the command.
    function field(bytes calldata wire, uint256 index) internal pure returns (uint256 value) {
        unchecked {
            return word(wire, 1 + index * 32);
        }
    }

    /// EIP-712 hash of the struct: type hash ‖ fields. Uses the free memory without keeping it.
    function structHash(bytes calldata wire, bytes32 typeHash, uint256 words) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let scratch := mload(0x40)
            mstore(scratch, typeHash)
            calldatacopy(add(scratch, 32), add(wire.offset, 1), mul(words, 32))
            hash := keccak256(scratch, mul(add(words, 1), 32))
        }
    }

    /// EIP-712 digest: 0x1901 ‖ domain separator ‖ struct hash.
    function digest(bytes32 domainSeparator, bytes32 hashOfStruct) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let scratch := mload(0x40)
            mstore(scratch, hex"1901")
            mstore(add(scratch, 2), domainSeparator)
            mstore(add(scratch, 34), hashOfStruct)
            hash := keccak256(scratch, 66)
        }
    }
}
