// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    DENY_ACCESS_TYPE,
    DENY_ACCESS_WORDS,
    Decode,
    DenyAccess,
    GRANT_ACCESS_TYPE,
    GRANT_ACCESS_WORDS,
    GrantAccess,
    REQUEST_ACCESS_TYPE,
    REQUEST_ACCESS_WORDS,
    REVOKE_ACCESS_TYPE,
    REVOKE_ACCESS_WORDS,
    RequestAccess,
    RevokeAccess
} from "../generated/Commands.sol";
import {
    AlreadyDecided,
    AlreadyRevoked,
    ClearanceTooLow,
    GranteeBanned,
    NoGrant,
    NotOwner,
    StaleVersion,
    UnknownParticipant,
    UntilPassed
} from "../generated/Errors.sol";
import {Level} from "../generated/Vocabulary.sol";
import {Admission} from "./Admission.sol";
import {Decision, DecisionStatus, Participant, Standing} from "./State.sol";

/// SC3: who may read what of whom.
abstract contract Access is Admission {
    function _requestAccess(bytes calldata wire) internal view returns (bytes32 id) {
        RequestAccess memory c = Decode.requestAccess(wire);
        Participant storage actor;
        (id, actor) = _admit(wire, REQUEST_ACCESS_TYPE, REQUEST_ACCESS_WORDS, c.actor, c.validUntil);
        require(_participants[c.patient].standing != Standing.None, UnknownParticipant());
        require(actor.clearance >= c.level, ClearanceTooLow());
        require(block.timestamp < c.until, UntilPassed());
    }

    function _grantAccess(bytes calldata wire) internal returns (bytes32 id) {
        GrantAccess memory c = Decode.grantAccess(wire);
        (id,) = _admit(wire, GRANT_ACCESS_TYPE, GRANT_ACCESS_WORDS, c.actor, c.validUntil);
        require(c.actor == c.patient, NotOwner());
        Participant storage grantee = _participants[c.grantee];
        require(grantee.standing != Standing.None, UnknownParticipant());
        require(grantee.standing == Standing.Active, GranteeBanned());
        require(grantee.keyVersion == c.keyVersion, StaleVersion());
        require(grantee.clearance >= c.level, ClearanceTooLow());
        require(block.timestamp < c.until, UntilPassed());
        Decision storage decision = _decisions[c.patient][c.request];
        require(decision.status == DecisionStatus.None, AlreadyDecided());
        _fill(decision, c.grantee, c.level, c.until, c.keyVersion);
    }

    /// A function of its own, so that nothing is read between the fields and they become one store.
    function _fill(Decision storage decision, address grantee, uint8 level, uint40 until, uint32 keyVersion) private {
        decision.status = DecisionStatus.Granted;
        decision.grantee = grantee;
        decision.level = level;
        decision.until = until;
        decision.keyVersion = keyVersion;
    }

    function _denyAccess(bytes calldata wire) internal returns (bytes32 id) {
        DenyAccess memory c = Decode.denyAccess(wire);
        id = _admitBanned(wire, DENY_ACCESS_TYPE, DENY_ACCESS_WORDS, c.actor, c.validUntil);
        require(c.actor == c.patient, NotOwner());
        Decision storage decision = _decisions[c.patient][c.request];
        require(decision.status == DecisionStatus.None, AlreadyDecided());
        // A denial has no grantee and no end; the level is the least, so that nothing can be read into it.
        decision.status = DecisionStatus.Denied;
        decision.level = Level.LOW;
    }

    function _revokeAccess(bytes calldata wire) internal returns (bytes32 id) {
        RevokeAccess memory c = Decode.revokeAccess(wire);
        id = _admitBanned(wire, REVOKE_ACCESS_TYPE, REVOKE_ACCESS_WORDS, c.actor, c.validUntil);
        require(c.actor == c.patient, NotOwner());
        Decision storage decision = _decisions[c.patient][c.grant];
        DecisionStatus status = decision.status;
        require(status != DecisionStatus.None && status != DecisionStatus.Denied, NoGrant());
        require(status != DecisionStatus.Revoked, AlreadyRevoked());
        decision.status = DecisionStatus.Revoked;
    }
}
