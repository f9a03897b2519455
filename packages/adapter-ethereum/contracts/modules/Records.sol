// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    ANCHOR_RECORD_TYPE,
    ANCHOR_RECORD_WORDS,
    AnchorRecord,
    Decode,
    ERASE_RECORD_TYPE,
    ERASE_RECORD_WORDS,
    EraseRecord,
    SUPERSEDE_RECORD_TYPE,
    SUPERSEDE_RECORD_WORDS,
    SupersedeRecord
} from "../generated/Commands.sol";
import {NotOwner, RoleNotAllowed, UnknownParticipant} from "../generated/Errors.sol";
import {Role} from "../generated/Vocabulary.sol";
import {Admission} from "./Admission.sol";
import {Participant, Standing} from "./State.sol";

/// SC2: which sealed records there are.
abstract contract Records is Admission {
    uint16 private constant AUTHOR_ROLES = Role.PROVIDER | Role.ORGANISATION | Role.DEVICE;

    function _anchorRecord(bytes calldata wire) internal view returns (bytes32 id) {
        AnchorRecord memory c = Decode.anchorRecord(wire);
        Participant storage actor;
        (id, actor) = _admit(wire, ANCHOR_RECORD_TYPE, ANCHOR_RECORD_WORDS, c.actor, c.validUntil);
        require(_participants[c.owner].standing != Standing.None, UnknownParticipant());
        bool isPatientHerself = c.owner == c.actor && actor.roles & Role.PATIENT != 0;
        require(actor.roles & AUTHOR_ROLES != 0 || isPatientHerself, RoleNotAllowed());
    }

    /// Which records there are is told by the log: that the record is hers is for its readers to see.
    function _supersedeRecord(bytes calldata wire) internal view returns (bytes32 id) {
        SupersedeRecord memory c = Decode.supersedeRecord(wire);
        (id,) = _admit(wire, SUPERSEDE_RECORD_TYPE, SUPERSEDE_RECORD_WORDS, c.actor, c.validUntil);
        require(c.actor == c.patient, NotOwner());
    }

    function _eraseRecord(bytes calldata wire) internal view returns (bytes32 id) {
        EraseRecord memory c = Decode.eraseRecord(wire);
        (id,) = _admit(wire, ERASE_RECORD_TYPE, ERASE_RECORD_WORDS, c.actor, c.validUntil);
        require(c.actor == c.patient, NotOwner());
    }
}
