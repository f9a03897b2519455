// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PROTOCOL_VERSION} from "../generated/Vocabulary.sol";

/// The keys are too many, unsorted or repeated, or the threshold does not fit their number.
error BadAuthority();

/// The chain has split off the one that the contract was created on. Not a code of the protocol: nobody can act here.
error WrongChain();

/// What is fixed at creation: the domain, which sets this ledger apart from every other, and the authority.
abstract contract Genesis {
    uint256 private constant MAX_AUTHORITY_KEYS = 32;

    uint256 private immutable _chainId = block.chainid;
    uint256 internal immutable _threshold;
    bytes32 internal immutable _domainSeparator;

    /// Salt of the EIP-712 domain. Every reader computes it again from chain id, contract, parent block and authority.
    bytes32 private immutable _domain;

    /// Block of the creation, and the hash of the one before it.
    uint256 private immutable _creationBlock = block.number;
    bytes32 private immutable _parentHash = blockhash(block.number - 1);

    address[] private _authorityKeys;
    mapping(address key => bool) internal _isAuthority;

    /// @param threshold how many of the keys sign a command of the registry
    /// @param keys ascending, without repeats
    constructor(uint256 threshold, address[] memory keys) {
        require(keys.length <= MAX_AUTHORITY_KEYS, BadAuthority());
        require(threshold != 0 && threshold <= keys.length, BadAuthority());
        for (uint256 i = 0; i < keys.length; i++) {
            require(i == 0 || keys[i - 1] < keys[i], BadAuthority());
            _isAuthority[keys[i]] = true;
        }
        _authorityKeys = keys;
        _threshold = threshold;
        bytes32 authorityDigest = keccak256(abi.encodePacked(bytes32("medseal authority"), threshold, keys));
        _domain = keccak256(
            abi.encode(bytes32("medseal domain ethereum"), block.chainid, address(this), _parentHash, authorityDigest)
        );
        _domainSeparator = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,bytes32 salt)"),
                keccak256("medseal"),
                keccak256("1"),
                _domain
            )
        );
    }

    /// All that a reader needs to compute the domain again.
    function genesis()
        external
        view
        returns (
            uint256 protocolVersion,
            bytes32 domain,
            bytes32 parentHash,
            uint256 creationBlock,
            uint256 threshold,
            address[] memory keys
        )
    {
        return (PROTOCOL_VERSION, _domain, _parentHash, _creationBlock, _threshold, _authorityKeys);
    }

    function _checkChain() internal view {
        require(block.chainid == _chainId, WrongChain());
    }
}
