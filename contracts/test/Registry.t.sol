// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBadgeAnchor, IssuerId} from "../IBadgeAnchor.sol";
import {AnchorTest} from "./AnchorTest.sol";
import {deployBadgeAnchor} from "./Deploy.sol";
import {vm} from "./Vm.sol";

contract RegistryTest is AnchorTest {
    function test_the_issuer_id_depends_on_first_key_and_did_alone() public {
        IssuerId expected = IssuerId.wrap(
            bytes20(keccak256(abi.encode(keccak256("waarmerk-issuer/1"), vm.addr(ADMIN), keccak256(bytes(DID)))))
        );
        require(IssuerId.unwrap(issuer) == IssuerId.unwrap(expected), "id as documented");
        require(IssuerId.unwrap(issuer) == IssuerId.unwrap(book.issuerIdOf(vm.addr(ADMIN), DID)), "view agrees");
        IBadgeAnchor other = deployBadgeAnchor();
        vm.prank(vm.addr(ADMIN));
        IssuerId elsewhere = other.registerIssuer(DID, asSender(vm.addr(ADMIN)));
        require(IssuerId.unwrap(elsewhere) == IssuerId.unwrap(issuer), "same on every contract");
    }

    function test_the_first_key_holds_every_role_from_now_on() public view {
        IBadgeAnchor.Key memory key = book.keyOf(vm.addr(ADMIN));
        same(key.roles, 7, "roles");
        same(key.validFrom, START, "from");
        same(key.validUntil, FOREVER, "until");
    }

    function test_registering_again_changes_nothing_even_after_the_deadline() public {
        book.narrowKey(vm.addr(ADMIN), 6, START, FOREVER, narrowingBy(ADMIN, vm.addr(ADMIN), 6, START, FOREVER));
        IBadgeAnchor.Signed memory again = registrationBy(ADMIN, DID, LATER);
        vm.warp(LATER + 1);
        book.registerIssuer(DID, again);
        same(book.keyOf(vm.addr(ADMIN)).roles, 6, "roles stay narrow");
    }

    function test_registering_writes_the_did_into_the_log() public {
        vm.expectEmit();
        emit IBadgeAnchor.IssuerRegistered(
            book.issuerIdOf(vm.addr(STRANGER), "did:web:x.example"),
            vm.addr(STRANGER),
            "did:web:x.example"
        );
        book.registerIssuer("did:web:x.example", registrationBy(STRANGER, "did:web:x.example", LATER));
    }

    function test_a_key_belongs_to_one_issuer_for_ever() public {
        IBadgeAnchor.Signed memory by = registrationBy(ADMIN, "did:web:other.example", LATER);
        vm.expectRevert(
            abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorKeyTaken.selector, vm.addr(ADMIN), issuer)
        );
        book.registerIssuer("did:web:other.example", by);
    }

    function test_an_issuer_needs_a_did() public {
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorEmptyText.selector));
        book.registerIssuer("", asSender(address(this)));
    }

    function test_a_registration_must_be_signed_by_its_key() public {
        IBadgeAnchor.Signed memory by = registrationBy(STRANGER, "did:web:x.example", LATER);
        by.signer = vm.addr(ANCHORER);
        vm.expectRevert(
            abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorBadSignature.selector, vm.addr(ANCHORER))
        );
        book.registerIssuer("did:web:x.example", by);
    }

    function test_a_late_registration_is_refused() public {
        IBadgeAnchor.Signed memory by = registrationBy(STRANGER, "did:web:x.example", START);
        vm.warp(START + 1);
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorExpired.selector, START));
        book.registerIssuer("did:web:x.example", by);
    }

    function test_a_granted_key_starts_now_at_the_earliest() public {
        vm.warp(START + 100);
        vm.expectEmit();
        emit IBadgeAnchor.KeyGranted(issuer, vm.addr(ANCHORER), 2, START + 100, FOREVER, vm.addr(ADMIN));
        grantAnchorer(2);
        IBadgeAnchor.Key memory key = book.keyOf(vm.addr(ANCHORER));
        same(key.validFrom, START + 100, "from");
        require(IssuerId.unwrap(key.issuer) == IssuerId.unwrap(issuer), "issuer");
    }

    function test_a_key_may_be_granted_for_later() public {
        address key = vm.addr(ANCHORER);
        uint40 from = START + 500;
        book.grantKey(issuer, 2, from, from + 9, grantBy(ADMIN, key, 2, from, from + 9), grantBy(ANCHORER, key, 2, from, from + 9));
        same(book.keyOf(key).validFrom, from, "from");
        same(book.keyOf(key).validUntil, from + 9, "until");
    }

    function test_granting_again_changes_nothing() public {
        grantAnchorer(6);
        address key = vm.addr(ANCHORER);
        book.narrowKey(key, 2, START, FOREVER, narrowingBy(ADMIN, key, 2, START, FOREVER));
        grantAnchorer(6);
        same(book.keyOf(key).roles, 2, "roles stay narrow");
    }

    function test_a_grant_needs_the_consent_of_the_key() public {
        address key = vm.addr(ANCHORER);
        IBadgeAnchor.Signed memory admin = grantBy(ADMIN, key, 2, 0, FOREVER);
        IBadgeAnchor.Signed memory consent = grantBy(STRANGER, key, 2, 0, FOREVER);
        consent.signer = key;
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorBadSignature.selector, key));
        book.grantKey(issuer, 2, 0, FOREVER, admin, consent);
    }

    function test_consent_to_fewer_roles_is_no_consent_to_more() public {
        address key = vm.addr(ANCHORER);
        IBadgeAnchor.Signed memory admin = grantBy(ADMIN, key, 6, 0, FOREVER);
        IBadgeAnchor.Signed memory consent = grantBy(ANCHORER, key, 2, 0, FOREVER);
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorBadSignature.selector, key));
        book.grantKey(issuer, 6, 0, FOREVER, admin, consent);
    }

    function test_only_an_administrator_grants() public {
        grantAnchorer(6);
        address key = vm.addr(STRANGER);
        IBadgeAnchor.Signed memory admin = grantBy(ANCHORER, key, 2, 0, FOREVER);
        IBadgeAnchor.Signed memory consent = grantBy(STRANGER, key, 2, 0, FOREVER);
        vm.expectRevert(
            abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorNotAuthorised.selector, issuer, vm.addr(ANCHORER), 1)
        );
        book.grantKey(issuer, 2, 0, FOREVER, admin, consent);
    }

    function test_an_administrator_must_have_signed_the_grant() public {
        address key = vm.addr(ANCHORER);
        IBadgeAnchor.Signed memory admin = grantBy(STRANGER, key, 2, 0, FOREVER);
        admin.signer = vm.addr(ADMIN);
        IBadgeAnchor.Signed memory consent = grantBy(ANCHORER, key, 2, 0, FOREVER);
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorBadSignature.selector, vm.addr(ADMIN)));
        book.grantKey(issuer, 2, 0, FOREVER, admin, consent);
    }

    function test_unknown_roles_are_refused() public {
        for (uint256 i = 0; i < 2; ++i) {
            uint8 roles = i == 0 ? 0 : 8;
            vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorUnknownRoles.selector, roles));
            book.grantKey(issuer, roles, 0, FOREVER, asSender(address(this)), asSender(address(this)));
        }
    }

    function test_a_key_may_be_granted_every_role() public {
        grantAnchorer(7);
        same(book.keyOf(vm.addr(ANCHORER)).roles, 7, "roles");
    }

    function test_an_empty_window_is_refused() public {
        address key = vm.addr(ANCHORER);
        for (uint40 until = START - 1; until <= START; ++until) {
            IBadgeAnchor.Signed memory admin = grantBy(ADMIN, key, 2, 0, until);
            IBadgeAnchor.Signed memory consent = grantBy(ANCHORER, key, 2, 0, until);
            vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorEmptyWindow.selector, START, until));
            book.grantKey(issuer, 2, 0, until, admin, consent);
        }
    }

    function test_a_key_of_another_issuer_cannot_be_granted() public {
        IssuerId other = book.registerIssuer("did:web:x.example", registrationBy(STRANGER, "did:web:x.example", LATER));
        address key = vm.addr(STRANGER);
        IBadgeAnchor.Signed memory admin = grantBy(ADMIN, key, 2, 0, FOREVER);
        IBadgeAnchor.Signed memory consent = grantBy(STRANGER, key, 2, 0, FOREVER);
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorKeyTaken.selector, key, other));
        book.grantKey(issuer, 2, 0, FOREVER, admin, consent);
    }

    function test_narrowing_says_what_is_left_and_repeating_it_is_silent() public {
        grantAnchorer(6);
        address key = vm.addr(ANCHORER);
        IBadgeAnchor.Signed memory by = narrowingBy(ADMIN, key, 2, START + 5, START + 50);
        vm.expectEmit();
        emit IBadgeAnchor.KeyNarrowed(issuer, key, 2, START + 5, START + 50, vm.addr(ADMIN));
        book.narrowKey(key, 2, START + 5, START + 50, by);
        vm.recordLogs();
        book.narrowKey(key, 2, START + 5, START + 50, by);
        same(vm.getRecordedLogs().length, 0, "no second event");
    }

    function testFuzz_roles_and_windows_only_shrink(uint8 roles, uint40 from, uint40 until) public {
        grantAnchorer(6);
        address key = vm.addr(ANCHORER);
        book.narrowKey(key, 2, START + 10, START + 90, narrowingBy(ADMIN, key, 2, START + 10, START + 90));
        IBadgeAnchor.Signed memory by = narrowingBy(ADMIN, key, roles, from, until);
        bool narrower = roles & 0xFD == 0 && from >= START + 10 && until <= START + 90;
        if (!narrower) vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorNotNarrower.selector, key));
        book.narrowKey(key, roles, from, until, by);
        same(book.keyOf(key).roles, narrower ? roles : 2, "roles");
        same(book.keyOf(key).validFrom, narrower ? from : START + 10, "from");
        same(book.keyOf(key).validUntil, narrower ? until : START + 90, "until");
    }

    function testFuzz_narrower_windows_pass(uint8 later, uint8 earlier) public {
        grantAnchorer(6);
        address key = vm.addr(ANCHORER);
        uint40 from = START + later;
        uint40 until = FOREVER - earlier;
        book.narrowKey(key, 6, from, until, narrowingBy(ADMIN, key, 6, from, until));
        same(book.keyOf(key).validFrom, from, "from");
        same(book.keyOf(key).validUntil, until, "until");
    }

    function test_only_an_administrator_narrows() public {
        grantAnchorer(6);
        address key = vm.addr(ANCHORER);
        IBadgeAnchor.Signed memory by = narrowingBy(ANCHORER, key, 0, START, FOREVER);
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorNotAuthorised.selector, issuer, key, 1));
        book.narrowKey(key, 0, START, FOREVER, by);
    }

    function test_an_administrator_must_have_signed_the_narrowing() public {
        grantAnchorer(6);
        address key = vm.addr(ANCHORER);
        IBadgeAnchor.Signed memory by = narrowingBy(ADMIN, key, 2, START, FOREVER);
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorBadSignature.selector, vm.addr(ADMIN)));
        book.narrowKey(key, 0, START, FOREVER, by);
    }

    function test_a_key_that_was_never_granted_cannot_be_narrowed() public {
        IBadgeAnchor.Signed memory by = narrowingBy(STRANGER, vm.addr(STRANGER), 0, 0, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorNotAuthorised.selector, bytes20(0), vm.addr(STRANGER), 1)
        );
        book.narrowKey(vm.addr(STRANGER), 0, 0, 0, by);
    }

    function test_an_issuing_key_is_published_as_an_event() public {
        string memory method = "did:web:badges.example:issuers:north#z6MkExample";
        IBadgeAnchor.Signed memory by = statementBy(ADMIN, method, 5, FOREVER);
        vm.expectEmit();
        emit IBadgeAnchor.IssuingKeyPublished(issuer, vm.addr(ADMIN), method, 5, FOREVER);
        book.publishIssuingKey(issuer, method, 5, FOREVER, by);
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorBadSignature.selector, vm.addr(ADMIN)));
        book.publishIssuingKey(issuer, method, 6, FOREVER, by);
    }

    function test_metadata_is_added_as_an_event() public {
        IBadgeAnchor.Signed memory by = metadataBy(ADMIN, "did:web:new.example");
        vm.expectEmit();
        emit IBadgeAnchor.MetadataAdded(issuer, vm.addr(ADMIN), "did:web:new.example");
        book.addMetadata(issuer, "did:web:new.example", by);
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorBadSignature.selector, vm.addr(ADMIN)));
        book.addMetadata(issuer, "did:web:old.example", by);
    }

    function test_only_an_administrator_speaks_for_the_issuer() public {
        bytes memory refusal = abi.encodeWithSelector(
            IBadgeAnchor.BadgeAnchorNotAuthorised.selector,
            issuer,
            address(this),
            1
        );
        vm.expectRevert(refusal);
        book.publishIssuingKey(issuer, "did:web:x.example#k", 0, FOREVER, asSender(address(this)));
        vm.expectRevert(refusal);
        book.addMetadata(issuer, "did:web:x.example", asSender(address(this)));
    }

    function test_empty_texts_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorEmptyText.selector));
        book.publishIssuingKey(issuer, "", 0, FOREVER, asSender(address(this)));
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorEmptyText.selector));
        book.addMetadata(issuer, "", asSender(address(this)));
    }

    function test_the_domain_is_the_documented_one() public view {
        bytes32 expected = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("BadgeAnchor"),
                keccak256("1"),
                block.chainid,
                address(book)
            )
        );
        require(book.domainSeparator() == expected, "domain");
    }
}
