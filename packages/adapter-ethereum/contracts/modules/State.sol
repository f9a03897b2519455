// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Zero is "never registered".
enum Standing {
    None,
    Active,
    Banned
}

/// Standing of a participant: one slot, laid out as `participant` in @medseal/protocol.
struct Participant {
    Standing standing;
    uint16 roles;
    uint8 clearance;
    address organisation;
    uint32 version;
    uint32 keyVersion;
}

/// Zero is "never decided".
enum DecisionStatus {
    None,
    Granted,
    Denied,
    Revoked
}

/// What a patient decided on one request: one slot, laid out as `decision` in @medseal/protocol. Never cleared, since
/// there are no nonces: in an empty slot the old grant could be sent again.
struct Decision {
    DecisionStatus status;
    address grantee;
    uint8 level;
    uint40 until;
    uint32 keyVersion;
}

/// All that the rules may read. Whatever else a reader wants to know is computed from the log.
abstract contract State {
    mapping(address id => Participant) internal _participants;
    mapping(address patient => mapping(bytes32 request => Decision)) internal _decisions;

    /// One account per person: taken once, also through a ban.
    mapping(bytes32 commitment => bool) internal _persons;

    function participant(address id) external view returns (Participant memory) {
        return _participants[id];
    }

    function decision(address patient, bytes32 request) external view returns (Decision memory) {
        return _decisions[patient][request];
    }

    function personTaken(bytes32 commitment) external view returns (bool) {
        return _persons[commitment];
    }
}
