// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BadSignature, Banned, CommandExpired, NotRegistered, ValidityTooLong} from "../generated/Errors.sol";
import {MAX_VALIDITY} from "../generated/Vocabulary.sol";
import {Genesis} from "./Genesis.sol";
import {Participant, Standing, State} from "./State.sol";
import {Wire} from "./Wire.sol";

/// What is checked of every command before its own rules: signatures, time, standing of the actor, in this order.
abstract contract Admission is Genesis, State {
    using Wire for bytes;

    /// Half the order of secp256k1: a larger `s` is the malleable twin of a smaller one.
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// A command that its actor signed alone.
    /// @return id EIP-712 digest of the command
    /// @return standing of the actor, registered and unbanned
    function _admit(bytes calldata wire, bytes32 typeHash, uint256 words, address actor, uint256 validUntil)
        internal
        view
        returns (bytes32 id, Participant storage standing)
    {
        id = _checkActor(wire, typeHash, words, actor, validUntil);
        standing = _participants[actor];
        Standing present = standing.standing;
        require(present != Standing.None, NotRegistered());
        require(present == Standing.Active, Banned());
    }

    /// The same for withdrawals, which stay open to the banned.
    function _admitBanned(bytes calldata wire, bytes32 typeHash, uint256 words, address actor, uint256 validUntil)
        internal
        view
        returns (bytes32 id)
    {
        id = _checkActor(wire, typeHash, words, actor, validUntil);
        require(_participants[actor].standing != Standing.None, NotRegistered());
    }

    function _checkActor(bytes calldata wire, bytes32 typeHash, uint256 words, address actor, uint256 validUntil)
        private
        view
        returns (bytes32 id)
    {
        id = _commandId(wire, typeHash, words);
        uint256 start = Wire.fieldsEnd(words);
        unchecked {
            require(wire.length == start + Wire.SIGNATURE, BadSignature());
        }
        require(_signer(id, wire, start) == actor, BadSignature());
        _checkTime(validUntil);
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
        require(wire.length == end + Wire.SIGNATURE, BadSignature());
        _checkAuthority(id, wire, end);
        require(_signer(id, wire, end) == participant_, BadSignature());
        _checkTime(validUntil);
    }

    function _authorityEnd(uint256 words) private view returns (uint256) {
        return Wire.fieldsEnd(words) + _threshold * Wire.SIGNATURE;
    }

    function _checkAuthority(bytes32 id, bytes calldata wire, uint256 end) private view {
        address last = address(0);
        for (uint256 start = end - _threshold * Wire.SIGNATURE; start < end; start += Wire.SIGNATURE) {
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
        return Wire.digest(_domainSeparator, wire.structHash(typeHash, words));
    }

    /// Who made the signature r ‖ s ‖ v that stands at `start`; only the canonical form counts.
    function _signer(bytes32 id, bytes calldata wire, uint256 start) private pure returns (address signer) {
        unchecked {
            uint256 s = wire.word(start + 32);
            require(s <= HALF_ORDER, BadSignature());
            uint8 v = uint8(wire.word(start + 64) >> 248);
            signer = ecrecover(id, v, bytes32(wire.word(start)), bytes32(s));
            require(signer != address(0), BadSignature());
        }
    }
}
