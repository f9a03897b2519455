// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BadSignature, Banned, CommandExpired, NotRegistered, ValidityTooLong} from "../generated/Errors.sol";
import {MAX_VALIDITY} from "../generated/Vocabulary.sol";
import {Genesis} from "./Genesis.sol";
import {Participant, Standing, State} from "./State.sol";

/// What is checked of every command before its own rules: signatures, time, standing of the actor, in this order.
abstract contract Admission is Genesis, State {
    uint256 private constant SIGNATURE = 65;

    /// Half the order of secp256k1: a larger `s` is the malleable twin of a smaller one.
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// A command that its actor signed alone.
    /// @return id EIP-712 digest of the command
    /// @return standing of the actor, registered and unbanned
    function _admit(bytes calldata wire, bytes32 typeHash, uint256 words, address actor, uint256 validUntil)
        internal
        view
        returns (bytes32 id, Participant memory standing)
    {
        (id, standing) = _admitBanned(wire, typeHash, words, actor, validUntil);
        require(standing.standing == Standing.Active, Banned());
    }

    /// The same for withdrawals, which stay open to the banned.
    function _admitBanned(bytes calldata wire, bytes32 typeHash, uint256 words, address actor, uint256 validUntil)
        internal
        view
        returns (bytes32 id, Participant memory standing)
    {
        id = _commandId(wire, typeHash, words);
        uint256 signatures = 1 + words * 32;
        require(wire.length == signatures + SIGNATURE, BadSignature());
        require(_signer(id, wire, signatures) == actor, BadSignature());
        _checkTime(validUntil);
        standing = _participants[actor];
        require(standing.standing != Standing.None, NotRegistered());
    }

    /// A command of the registry: exactly `threshold` keys of the authority signed, in ascending order.
    function _admitAuthority(bytes calldata wire, bytes32 typeHash, uint256 words, uint256 validUntil)
        internal
        view
        returns (bytes32 id)
    {
        id = _commandId(wire, typeHash, words);
        uint256 end = _authorityEnd(words);
        require(wire.length == end, BadSignature());
        _checkAuthority(id, wire, end);
        _checkTime(validUntil);
    }

    /// The same with one signature more: the participant proves possession of the key that is registered.
    function _admitRegistration(
        bytes calldata wire,
        bytes32 typeHash,
        uint256 words,
        address participant_,
        uint256 validUntil
    ) internal view returns (bytes32 id) {
        id = _commandId(wire, typeHash, words);
        uint256 end = _authorityEnd(words);
        require(wire.length == end + SIGNATURE, BadSignature());
        _checkAuthority(id, wire, end);
        require(_signer(id, wire, end) == participant_, BadSignature());
        _checkTime(validUntil);
    }

    function _authorityEnd(uint256 words) private view returns (uint256) {
        return 1 + words * 32 + _threshold * SIGNATURE;
    }

    function _checkAuthority(bytes32 id, bytes calldata wire, uint256 end) private view {
        address last = address(0);
        for (uint256 start = end - _threshold * SIGNATURE; start < end; start += SIGNATURE) {
            address signer = _signer(id, wire, start);
            require(signer > last && _isAuthority[signer], BadSignature());
            last = signer;
        }
    }

    function _checkTime(uint256 validUntil) private view {
        require(block.timestamp < validUntil, CommandExpired());
        require(validUntil <= block.timestamp + MAX_VALIDITY, ValidityTooLong());
    }

    /// EIP-712 digest of the command: what is signed, and its id.
    function _commandId(bytes calldata wire, bytes32 typeHash, uint256 words) private view returns (bytes32) {
        bytes32 structHash = keccak256(abi.encodePacked(typeHash, wire[1:1 + words * 32]));
        return keccak256(abi.encodePacked(hex"1901", _domainSeparator, structHash));
    }

    /// Who made the signature r ‖ s ‖ v that stands at `start`; only the canonical form counts.
    function _signer(bytes32 id, bytes calldata wire, uint256 start) private pure returns (address signer) {
        bytes32 r = bytes32(wire[start:start + 32]);
        bytes32 s = bytes32(wire[start + 32:start + 64]);
        require(uint256(s) <= HALF_ORDER, BadSignature());
        signer = ecrecover(id, uint8(wire[start + 64]), r, s);
        require(signer != address(0), BadSignature());
    }
}
