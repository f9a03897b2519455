// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    BAN_TYPE,
    BAN_WORDS,
    Ban,
    Decode,
    REGISTER_TYPE,
    REGISTER_WORDS,
    REINSTATE_TYPE,
    REINSTATE_WORDS,
    ROTATE_KEYS_TYPE,
    ROTATE_KEYS_WORDS,
    Register,
    Reinstate,
    RotateKeys
} from "../generated/Commands.sol";
import {
    AlreadyBanned,
    AlreadyRegistered,
    BadOrganisation,
    NotBanned,
    PersonTaken,
    StaleVersion,
    UnknownParticipant
} from "../generated/Errors.sol";
import {Role} from "../generated/Vocabulary.sol";
import {Admission} from "./Admission.sol";
import {Participant, Standing} from "./State.sol";

/// SC1: who may take part.
abstract contract Registry is Admission {
    function _register(bytes calldata wire) internal returns (bytes32 id) {
        Register memory c = Decode.register(wire);
        id = _admitRegistration(wire, REGISTER_TYPE, REGISTER_WORDS, c.participant, c.validUntil);
        require(_participants[c.participant].standing == Standing.None, AlreadyRegistered());
        require(!_persons[c.person], PersonTaken());
        require(c.organisation == address(0) || _isActiveOrganisation(c.organisation), BadOrganisation());
        _participants[c.participant] = Participant({
            standing: Standing.Active,
            roles: c.roles,
            clearance: c.clearance,
            organisation: c.organisation,
            version: 1,
            keyVersion: 1
        });
        _persons[c.person] = true;
    }

    function _ban(bytes calldata wire) internal returns (bytes32 id) {
        Ban memory c = Decode.ban(wire);
        id = _admitAuthority(wire, BAN_TYPE, BAN_WORDS, c.validUntil);
        Participant storage subject = _participants[c.participant];
        require(subject.standing != Standing.None, UnknownParticipant());
        require(subject.version == c.expectedVersion, StaleVersion());
        require(subject.standing == Standing.Active, AlreadyBanned());
        subject.standing = Standing.Banned;
        subject.version += 1;
    }

    function _reinstate(bytes calldata wire) internal returns (bytes32 id) {
        Reinstate memory c = Decode.reinstate(wire);
        id = _admitAuthority(wire, REINSTATE_TYPE, REINSTATE_WORDS, c.validUntil);
        Participant storage subject = _participants[c.participant];
        require(subject.standing != Standing.None, UnknownParticipant());
        require(subject.version == c.expectedVersion, StaleVersion());
        require(subject.standing == Standing.Banned, NotBanned());
        subject.standing = Standing.Active;
        subject.version += 1;
    }

    function _rotateKeys(bytes calldata wire) internal returns (bytes32 id) {
        RotateKeys memory c = Decode.rotateKeys(wire);
        Participant storage actor;
        (id, actor) = _admit(wire, ROTATE_KEYS_TYPE, ROTATE_KEYS_WORDS, c.actor, c.validUntil);
        require(actor.keyVersion == c.expectedKeyVersion, StaleVersion());
        actor.keyVersion += 1;
    }

    function _isActiveOrganisation(address id) private view returns (bool) {
        Participant storage organisation = _participants[id];
        return organisation.standing == Standing.Active && organisation.roles & Role.ORGANISATION != 0;
    }
}
