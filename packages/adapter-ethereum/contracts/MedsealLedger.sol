// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    ANCHOR_RECORD,
    BAN,
    DENY_ACCESS,
    ERASE_RECORD,
    GRANT_ACCESS,
    REGISTER,
    REINSTATE,
    REPORT_VIOLATION,
    REQUEST_ACCESS,
    REVOKE_ACCESS,
    ROTATE_KEYS,
    SUPERSEDE_RECORD,
    USE_ACCESS
} from "./generated/Commands.sol";
import {Malformed, Outcome} from "./generated/Errors.sol";
import {Access} from "./modules/Access.sol";
import {Activity} from "./modules/Activity.sol";
import {Genesis} from "./modules/Genesis.sol";
import {Records} from "./modules/Records.sol";
import {Registry} from "./modules/Registry.sol";

/// The medseal ledger on an EVM chain. Whoever relays a signed command can neither forge nor alter it, and whoever
/// reads the log can check all of it again: it holds every accepted command whole.
contract MedsealLedger is Registry, Records, Access, Activity {
    /// One accepted command.
    /// @param id EIP-712 digest of the command
    /// @param time time of the block, seconds
    /// @param code zero where the command was applied, else the code of the violation
    /// @param wire the bytes that were submitted
    event Entry(bytes32 indexed id, uint40 time, uint8 code, bytes wire);

    constructor(uint256 threshold, address[] memory keys) Genesis(threshold, keys) {}

    /// Takes a signed command. Reverts with the error of the first rule that refuses it, and then leaves no trace.
    /// @param wire type byte, one word a field, 65 bytes a signature
    function submit(bytes calldata wire) external {
        _checkChain();
        (bytes32 id, uint8 code) = _execute(wire);
        emit Entry(id, uint40(block.timestamp), code, wire);
    }

    /// The most frequent commands come first: each comparison costs gas.
    function _execute(bytes calldata wire) private returns (bytes32 id, uint8 code) {
        uint8 command = wire.length == 0 ? 0 : uint8(wire[0]);
        if (command == USE_ACCESS) return _useAccess(wire);
        if (command == ANCHOR_RECORD) return (_anchorRecord(wire), Outcome.APPLIED);
        if (command == REQUEST_ACCESS) return (_requestAccess(wire), Outcome.APPLIED);
        if (command == GRANT_ACCESS) return (_grantAccess(wire), Outcome.APPLIED);
        if (command == DENY_ACCESS) return (_denyAccess(wire), Outcome.APPLIED);
        if (command == REVOKE_ACCESS) return (_revokeAccess(wire), Outcome.APPLIED);
        if (command == REGISTER) return (_register(wire), Outcome.APPLIED);
        if (command == BAN) return (_ban(wire), Outcome.APPLIED);
        if (command == REINSTATE) return (_reinstate(wire), Outcome.APPLIED);
        if (command == REPORT_VIOLATION) return (_reportViolation(wire), Outcome.APPLIED);
        if (command == ROTATE_KEYS) return (_rotateKeys(wire), Outcome.APPLIED);
        if (command == SUPERSEDE_RECORD) return (_supersedeRecord(wire), Outcome.APPLIED);
        if (command == ERASE_RECORD) return (_eraseRecord(wire), Outcome.APPLIED);
        revert Malformed();
    }
}
