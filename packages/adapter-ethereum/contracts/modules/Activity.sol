// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    Decode,
    REPORT_VIOLATION_TYPE,
    REPORT_VIOLATION_WORDS,
    ReportViolation,
    USE_ACCESS_TYPE,
    USE_ACCESS_WORDS,
    UseAccess
} from "../generated/Commands.sol";
import {NotOwner, Outcome, UnknownParticipant} from "../generated/Errors.sol";
import {Admission} from "./Admission.sol";
import {Decision, DecisionStatus, Participant, Standing} from "./State.sol";

/// SC4: who read, or tried to.
abstract contract Activity is Admission {
    /// @return id of the command
    /// @return outcome zero where the use is allowed, else the code under which the violation is logged
    function _useAccess(bytes calldata wire) internal view returns (bytes32 id, uint8 outcome) {
        UseAccess memory c = Decode.useAccess(wire);
        Participant storage actor;
        (id, actor) = _admit(wire, USE_ACCESS_TYPE, USE_ACCESS_WORDS, c.actor, c.validUntil);
        Standing patient = _participants[c.patient].standing;
        require(patient != Standing.None, UnknownParticipant());
        outcome = _judgeUse(c.actor, actor, patient, _decisions[c.patient][c.grant]);
    }

    function _judgeUse(address id, Participant storage actor, Standing patient, Decision storage decision)
        private
        view
        returns (uint8)
    {
        DecisionStatus status = decision.status;
        if (status == DecisionStatus.None || status == DecisionStatus.Denied) return Outcome.NO_GRANT;
        if (decision.grantee != id) return Outcome.NO_GRANT;
        if (status != DecisionStatus.Granted) return Outcome.GRANT_REVOKED;
        if (decision.keyVersion != actor.keyVersion) return Outcome.KEYS_CHANGED;
        if (block.timestamp >= decision.until) return Outcome.GRANT_EXPIRED;
        if (patient != Standing.Active) return Outcome.OWNER_BANNED;
        if (actor.clearance < decision.level) return Outcome.CLEARANCE_TOO_LOW;
        return Outcome.APPLIED;
    }

    function _reportViolation(bytes calldata wire) internal view returns (bytes32 id) {
        ReportViolation memory c = Decode.reportViolation(wire);
        (id,) = _admit(wire, REPORT_VIOLATION_TYPE, REPORT_VIOLATION_WORDS, c.actor, c.validUntil);
        require(c.actor == c.patient, NotOwner());
        require(_participants[c.subject].standing != Standing.None, UnknownParticipant());
    }
}
