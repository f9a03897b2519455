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
        RequestAccess calldata c = Decode.requestAccess(wire);
        Participant memory actor;
        (id, actor) = _admit(wire, REQUEST_ACCESS_TYPE, REQUEST_ACCESS_WORDS, c.actor, c.validUntil);
        require(_participants[c.patient].standing != Standing.None, UnknownParticipant());
        require(actor.clearance >= c.level, ClearanceTooLow());
        require(block.timestamp < c.until, UntilPassed());
    }

    function _grantAccess(bytes calldata wire) internal returns (bytes32 id) {
        GrantAccess calldata c = Decode.grantAccess(wire);
        (id,) = _admit(wire, GRANT_ACCESS_TYPE, GRANT_ACCESS_WORDS, c.actor, c.validUntil);
        require(c.actor == c.patient, NotOwner());
        Participant memory grantee = _participants[c.grantee];
        require(grantee.standing != Standing.None, UnknownParticipant());
        require(grantee.standing == Standing.Active, GranteeBanned());
        require(grantee.keyVersion == c.keyVersion, StaleVersion());
        require(grantee.clearance >= c.level, ClearanceTooLow());
        require(block.timestamp < c.until, UntilPassed());
        Decision storage decision = _decisions[c.patient][c.request];
        require(decision.status == DecisionStatus.None, AlreadyDecided());
        _decisions[c.patient][c.request] = Decision({
            status: DecisionStatus.Granted,
            grantee: c.grantee,
            level: c.level,
            until: c.until,
            keyVersion: c.keyVersion
        });
    }

    function _denyAccess(bytes calldata wire) internal returns (bytes32 id) {
        DenyAccess calldata c = Decode.denyAccess(wire);
        (id,) = _admitBanned(wire, DENY_ACCESS_TYPE, DENY_ACCESS_WORDS, c.actor, c.validUntil);
        require(c.actor == c.patient, NotOwner());
        require(_decisions[c.patient][c.request].status == DecisionStatus.None, AlreadyDecided());
        _decisions[c.patient][c.request] = Decision({
            status: DecisionStatus.Denied,
            grantee: address(0),
            level: Level.LOW,
            until: 0,
            keyVersion: 0
        });
    }

    function _revokeAccess(bytes calldata wire) internal returns (bytes32 id) {
        RevokeAccess calldata c = Decode.revokeAccess(wire);
        (id,) = _admitBanned(wire, REVOKE_ACCESS_TYPE, REVOKE_ACCESS_WORDS, c.actor, c.validUntil);
        require(c.actor == c.patient, NotOwner());
        Decision storage decision = _decisions[c.patient][c.grant];
        DecisionStatus status = decision.status;
        require(status != DecisionStatus.None && status != DecisionStatus.Denied, NoGrant());
        require(status != DecisionStatus.Revoked, AlreadyRevoked());
        decision.status = DecisionStatus.Revoked;
    }
}
