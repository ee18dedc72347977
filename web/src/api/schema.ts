// Generated from docs/openapi.json by «npm run openapi:generate».
export interface paths {
    "/api/v1/account-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ActorKeys_list"];
        put?: never;
        post: operations["ActorKeys_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account-keys/{key}/revocation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["ActorKeys_revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open an account
         * @description Answers alike when the address already has one; its holder is then told by mail.
         */
        post: operations["Accounts_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I */
        get: operations["Accounts_current"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** The language of my mails, and whether notices are mailed */
        patch: operations["Accounts_change"];
        trace?: never;
    };
    "/api/v1/anchors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The anchors that stand in the chain, from the newest back */
        get: operations["Anchors_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My API keys, without their text */
        get: operations["ApiKeys_list"];
        put?: never;
        /** Make an API key; it is shown this once */
        post: operations["ApiKeys_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API key */
        delete: operations["ApiKeys_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/balances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Balances_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The chain in use, how far it is behind the log, and why */
        get: operations["Anchors_chain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Deliveries_deliver"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/disputes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Disputes_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/email-verifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for another mail that verifies my address */
        post: operations["Recovery_requestVerification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/email-verifications/completion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Verify an address by the mailed token */
        post: operations["Recovery_completeVerification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/corrections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Ledger_corrections"];
        put?: never;
        post: operations["Ledger_correct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/corrections/{id}/approval": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Ledger_approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/corrections/{id}/rejection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Ledger_reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/movements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Ledger_queue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/trial-balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Ledger_balance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licence-presets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Terms_presets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licence-terms/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Terms_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licence-terms/{number}/licences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Terms_take"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licence-terms/{number}/withdrawal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Terms_withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Licences_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Licences_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}/acceptance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Licences_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}/breach": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Licences_notifyBreach"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}/breach/cure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Licences_cureBreach"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}/breach/dispute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Licences_disputeBreach"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}/breach/dispute/withdrawal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Licences_withdrawDispute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}/contract": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Licences_contractText"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}/contract.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Licences_contractPdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}/disclosures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Licences_present"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Licences_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}/objections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Licences_object"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}/objections/{seq}/withdrawal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Licences_withdrawObjection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Licences_proof"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}/renewals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Licences_renew"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}/signature": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Licences_sign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}/sublicences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Licences_sublicense"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{number}/termination": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Licences_terminate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/listings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Listings_search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/listings/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Listings_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["Listings_edit"];
        trace?: never;
    };
    "/api/v1/listings/{number}/negotiations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Negotiations_begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/listings/{number}/quote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Listings_quoted"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/listings/{number}/withdrawal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Listings_withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/negotiations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Negotiations_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/negotiations/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Negotiations_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/negotiations/{number}/acceptance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Negotiations_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/negotiations/{number}/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Negotiations_attach"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/negotiations/{number}/documents/{position}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Negotiations_document"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/negotiations/{number}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Negotiations_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/negotiations/{number}/offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Negotiations_offers"];
        put?: never;
        post: operations["Negotiations_offer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/negotiations/{number}/rejection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Negotiations_reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/negotiations/{number}/thread": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Negotiations_thread"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/negotiations/{number}/withdrawal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Negotiations_withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Notices_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notices/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Notices_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/odrl-profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Terms_profile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Orders_list"];
        put?: never;
        post: operations["Orders_buy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Orders_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{number}/cancellation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Orders_cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{number}/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Orders_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{number}/contents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Deliveries_files"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{number}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Deliveries_list"];
        put?: never;
        post: operations["Deliveries_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{number}/dispute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Orders_dispute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{number}/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Orders_proof"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{number}/receipt.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Receipts_receipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{number}/refund": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Orders_refund"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{number}/resolution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Orders_resolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/password-resets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a mail that sets a new password
         * @description Answers alike whether the address has an account.
         */
        post: operations["Recovery_requestReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/password-resets/completion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a new password by the mailed token
         * @description Ends every session of the account; API keys stay.
         */
        post: operations["Recovery_completeReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Payouts_own"];
        put?: never;
        post: operations["Payouts_ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payouts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Payouts_one"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payouts/{id}/cancellation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Payouts_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payouts/{id}/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Payouts_confirmed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payouts/{id}/rejection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Payouts_rejected"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payouts/{id}/taking-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Payouts_takenUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rights/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Check_check"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rights/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Check_checkMany"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sellers/{account}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Sellers_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Sets the cookie __Host-zhengben. Requests that change something by it must come from the same origin.
         */
        post: operations["Sessions_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Sign out */
        delete: operations["Sessions_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/top-ups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["TopUps_own"];
        put?: never;
        post: operations["TopUps_ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/top-ups/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["TopUps_one"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/top-ups/{id}/cancellation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["TopUps_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/top-ups/{id}/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["TopUps_confirmed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/top-ups/{id}/rejection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["TopUps_rejected"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Balances_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Balances_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Verify_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/verify/trust": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Verify_trust"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Works_search"];
        put?: never;
        post: operations["Works_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Works_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/amendments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Works_amend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Title_assignSlice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Check_available"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/certificate.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Works_certificate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Title_consents"];
        put?: never;
        post: operations["Title_giveConsent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/consents/{seq}/withdrawal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Title_withdrawConsent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/contents/{position}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Works_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/contents/{sha256}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Works_preview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/disclosures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["Works_erase"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Works_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Works_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/holdings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Title_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/licence-terms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Terms_list"];
        put?: never;
        post: operations["Terms_offer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/licences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Licences_grant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/licences/odrl": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Terms_importAgreement"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/listings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Listings_offer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Works_proof"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/term": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Title_fix"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/training-mining": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Terms_trainingMining"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/works/{number}/withdrawal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Works_withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process runs */
        get: operations["Operations_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every part that requests need works; 503 otherwise, and while stopping */
        get: operations["Operations_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Log_checkpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log/vkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Log_vkey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prometheus text format */
        get: operations["Operations_prometheus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description What accepting answers: the negotiation as it ended, and the order that came of it. */
        AcceptanceView: {
            placed: components["schemas"]["PlacedOrder"] | null;
            number: string;
            listing: string;
            work: string;
            /** @enum {string} */
            kind: "assignment" | "exclusive-licence" | "licence";
            /**
             * @description What the caller is in it.
             * @enum {string}
             */
            role: "buyer" | "seller";
            buyer: string;
            seller: string;
            /** @enum {string} */
            state: "agreed" | "closed" | "failed" | "lapsed" | "open" | "withdrawn";
            /** @description Why it failed or was closed. */
            reason: string | null;
            order: string | null;
            /** @description The offer that may be accepted now. */
            standing: components["schemas"]["OfferView"] | null;
            openedAt: string;
            lapsesAt: string;
            endedAt: string | null;
            links: {
                self: string;
                listing: string;
                offers: string;
                thread: string;
                order: string | null;
            };
        };
        AmendedAnswer: {
            number: string;
            /** @enum {string} */
            status: "accepted";
            seq: number;
            statement: {
                id: string;
                leafHash: string;
            };
            receipt: string;
            links: {
                self: string;
                proof: string;
                history: string;
                events: string;
            };
        };
        /** @description An anchor that stands: in the chain instance in use, and in its chain as far as the last look at it. EVM values 0x…, in lower case. */
        AnchorView: {
            chainId: number;
            /** @description Hash of block 0. */
            genesisHash: string;
            contract: string;
            treeSize: number;
            /** @description Hex without 0x. */
            rootHash: string;
            /** @enum {string} */
            status: "anchored" | "final";
            transactionHash: string;
            blockNumber: number;
            blockHash: string;
            /** @description ISO 8601 UTC: the chain's word. */
            blockTime: string;
            /** @description ISO 8601 UTC: when the service saw it. */
            anchoredAt: string;
            finalAt: string | null;
        };
        /** @description What an act about rights answers: its statement, and the signed promise that it will be in the log. */
        AppendedAnswer: {
            subject: string;
            seq: number;
            statement: {
                id: string;
                leafHash: string;
            };
            receipt: string;
        };
        AvailabilityView: {
            work: string;
            /** @description What is said to be free is free, also where a list leaves something out. */
            exclusive: components["schemas"]["FreeBox"][];
            nonExclusive: components["schemas"]["FreeBox"][];
            taken: components["schemas"]["TakenBox"][];
            /** @description Whether a list leaves something out, there being more than anybody reads: `incomplete` names it. */
            more: boolean;
            incomplete: ("exclusive" | "nonExclusive" | "taken")[];
        };
        Balance: {
            currency: string;
            /** @description To spend. */
            availableMinor: string;
            /** @description Set aside for orders, offers and payouts that are not decided yet. */
            heldMinor: string;
            /** @description In the settlement contract, to be withdrawn there. */
            onChainMinor: string;
        };
        BundleCheck: {
            report: components["schemas"]["Report"];
            /** @description Whom the report believes: this service itself. */
            trust: {
                /** @enum {string} */
                vouchedBy: "this-service";
                logKeys: string[];
                contract: {
                    chainId: number;
                    address: string;
                };
            };
            /** @description The same for people. */
            notice: string;
        };
        ChainStatusAnswer: {
            chainId: number | null;
            genesisHash: string | null;
            contract: string | null;
            blockNumber: number | null;
            headSize: number | null;
            lag: {
                leaves: number;
                seconds: number;
                publishedSize: number;
                anchoredSize: number;
            };
            checkedAt: string | null;
            problem: {
                code: string;
                since: string;
            } | null;
            latest: components["schemas"]["AnchorView"] | null;
        };
        CheckLine: {
            /** @enum {string} */
            check: "anchor-on-chain" | "anchor-root" | "chain-of-entries" | "checkpoint-signature" | "content" | "disclosures" | "inclusion" | "signatures";
            /** @enum {string} */
            result: "fail" | "pass" | "skipped";
            /** @description For people. Programs go by `result`. */
            detail: string;
        };
        ConsentView: {
            seq: number;
            by: string;
            to: string;
            /** @enum {string} */
            act: "assignment" | "licence" | "term";
            scope: {
                rights: string[];
                territories: string[];
                uses: string[];
                languages: string[];
                term: {
                    from: string;
                    to: string | null;
                    /** @enum {string} */
                    timeZone?: "Asia/Shanghai" | "UTC";
                } | {
                    from: string;
                    until: string | null;
                };
            };
            givenAt: string;
            expiresAt: string;
            withdrawnAt: string | null;
        };
        ContentMatch: {
            name: string | null;
            byteLength: number | null;
            sha256: string | null;
            sm3: string | null;
            /** @description The oldest deposit first. */
            works: components["schemas"]["Holder"][];
            /** @description There are further works: `GET /works?sha256=` lists them all. */
            more: boolean;
        };
        ContentView: {
            /** @description Sealed of a confidential work, erased, or never given. */
            name?: string;
            mediaType: string;
            byteLength: number;
            sha256: string;
            sm3?: string;
            /**
             * @description `held`: the service hashed the file itself; `declared`: its owner sent the digest.
             * @enum {string}
             */
            deposit: "declared" | "held";
            role?: string;
        };
        CorrectionView: {
            id: string;
            /** @enum {string} */
            state: "posted" | "proposed" | "rejected";
            corrects: string;
            postings: {
                account: string | null;
                /** @enum {string} */
                purpose: "available" | "bank" | "clearing" | "contract" | "fees" | "held" | "on-chain" | "taxes";
                currency: string;
                amountMinor: string;
            }[];
            reason: string;
            proposedBy: string;
            decidedBy: string | null;
            transferId: string | null;
            proposedAt: string;
            decidedAt: string | null;
        };
        /** @description How many there are: all, or when not `complete` more than `count`. */
        Counted: {
            count: number;
            complete: boolean;
        };
        DeliveryLink: {
            order: string;
            file: components["schemas"]["FileView"];
            expiresAt: string;
            /** @description `file`: whoever has it gets the file, without signing in. */
            links: {
                file: string;
            };
        };
        DeliveryView: {
            at: string;
            /** @description Whom the link was made for; whoever has it may use it. */
            account: string;
            sha256: string;
            /** @description What was asked for; how much of it arrived the service cannot know. */
            firstByte: number;
            byteLength: number;
        };
        /** @description A message, or a document. */
        EntryView: {
            id: number;
            /** @enum {string} */
            by: "buyer" | "seller";
            text: string | null;
            document: {
                name: string;
                mediaType: string;
                byteLength: number;
                sha256: string;
                link: string;
            } | null;
            sentAt: string;
        };
        /** @description How many of the works that a search finds are of which category, and have which right of their title. */
        Facets: {
            /** @description How many works were counted: all, or when not `complete` the newest. */
            counted: number;
            complete: boolean;
            categories: {
                [key: string]: number;
            };
            rights: {
                [key: string]: number;
            };
        };
        FileView: {
            /** @description Null once it is erased. */
            name: string | null;
            mediaType: string;
            byteLength: number;
            /** @description Lower-case hex. */
            sha256: string;
            /**
             * @description Only of a held one there is an original here.
             * @enum {string}
             */
            deposit: "declared" | "held";
        };
        FoundListings: {
            facets?: components["schemas"]["ListingFacets"];
            items: components["schemas"]["ListingView"][];
            nextCursor: string | null;
        };
        FoundWorks: {
            facets?: components["schemas"]["Facets"];
            items: components["schemas"]["WorkSummary"][];
            nextCursor: string | null;
        };
        FreeBox: {
            scope: {
                rights: string[];
                territories: string[];
                uses: string[];
                languages: string[];
                term: {
                    from: string;
                    to: string | null;
                    /** @enum {string} */
                    timeZone?: "Asia/Shanghai" | "UTC";
                } | {
                    from: string;
                    until: string | null;
                };
            };
            sentence: {
                zh: string;
                en: string;
            };
        };
        GrantedLicence: {
            number: string;
            work: string;
            /** @enum {string} */
            exclusivity: "exclusive" | "non-exclusive" | "sole";
            scope: {
                rights: string[];
                territories: string[];
                uses: string[];
                languages: string[];
                term: {
                    from: string;
                    to: string | null;
                    /** @enum {string} */
                    timeZone?: "Asia/Shanghai" | "UTC";
                } | {
                    from: string;
                    until: string | null;
                };
            };
            sentence: {
                zh: string;
                en: string;
            };
            links: {
                self: string;
                proof: string;
                contract: string;
            };
            subject: string;
            seq: number;
            statement: {
                id: string;
                leafHash: string;
            };
            receipt: string;
        };
        /** @description One statement of a chain, and how far it has come. */
        HistoryItem: {
            seq: number;
            type: string;
            leafHash: string;
            receipt: string;
            statement: {
                /** @enum {number} */
                zhengben: 1;
                type: string;
                id: string;
                subject: string;
                seq: number;
                prev: string | null;
                issuedAt: string;
                actor: string;
                body: {
                    [key: string]: unknown;
                };
                sealed: string[];
                about?: string[];
                signatures?: {
                    /** @enum {string} */
                    scheme: "ed25519" | "eip191";
                    by: string;
                    nonce: string;
                    expiresAt: string;
                    value: string;
                }[];
            };
            /** @description Those that the caller may see. */
            disclosures: string[];
            /** @enum {string} */
            status: "accepted" | "anchored" | "final" | "logged";
            timeline: {
                acceptedAt: string;
                loggedAt: string | null;
                anchoredAt: string | null;
                finalAt: string | null;
            };
            leafIndex: number | null;
            anchor: components["schemas"]["AnchorView"] | null;
        };
        /** @description A work that holds a content, as a caller may see it. */
        Holder: {
            number: string;
            /** @description Null once it is erased. */
            title: string | null;
            /** @enum {string} */
            visibility: "confidential" | "public";
            isOwner: boolean;
            sha256: string;
            /**
             * @description `held`: the service hashed the file itself; `declared`: its owner sent the digest.
             * @enum {string}
             */
            deposit: "declared" | "held";
            /**
             * @description `first`: the claim that stands first, of a held file before a declared digest; `rival`: its owner knew of an earlier claim and claims all the same; `further`: any other public work; null: withdrawn or confidential, which claim nothing.
             * @enum {string|null}
             */
            claim: "first" | "further" | "rival" | null;
            depositedAt: string;
            withdrawnAt: string | null;
            /** @enum {string} */
            status: "accepted" | "anchored" | "final" | "logged";
            timeline: {
                acceptedAt: string;
                loggedAt: string | null;
                anchoredAt: string | null;
                finalAt: string | null;
            };
            leafIndex: number | null;
            links: {
                self: string;
                proof: string;
                history: string;
                events: string;
            };
        };
        HoldingView: {
            scope: {
                rights: string[];
                territories: string[];
                uses: string[];
                languages: string[];
                term: {
                    from: string;
                    to: string | null;
                    /** @enum {string} */
                    timeZone?: "Asia/Shanghai" | "UTC";
                } | {
                    from: string;
                    until: string | null;
                };
            };
            sentence: {
                zh: string;
                en: string;
            };
            holders: {
                account: string;
                shareBps: number;
            }[];
            /** @description Statements of the work's chain, from the deposit on: who held it before. */
            chainOfTitle: number[];
        };
        /** @description What a change of keys answers: its statement, and the signed promise that it will be in the log. */
        KeyAnswer: {
            key: string;
            subject: string;
            seq: number;
            statement: {
                id: string;
                leafHash: string;
            };
            receipt: string;
        };
        KeyView: {
            /** @enum {string} */
            scheme: "ed25519" | "eip191";
            key: string;
            addedAt: string;
        };
        /** @description How many of the listings that a search finds are of works of which category, of which kind, and in which currency. */
        ListingFacets: {
            /** @description How many listings were counted: all, or when not `complete` the newest. */
            counted: number;
            complete: boolean;
            categories: {
                [key: string]: number;
            };
            kinds: {
                [key: string]: number;
            };
            currencies: {
                [key: string]: number;
            };
        };
        ListingView: {
            number: string;
            work: string;
            title: string | null;
            category: string;
            seller: {
                account: string;
                name: string | null;
            };
            /** @enum {string} */
            kind: "assignment" | "exclusive-licence" | "licence";
            scope: {
                rights: string[];
                territories: string[];
                uses: string[];
                languages: string[];
                term: {
                    from: string;
                    to: string | null;
                    /** @enum {string} */
                    timeZone?: "Asia/Shanghai" | "UTC";
                } | {
                    from: string;
                    until: string | null;
                };
            };
            sentence: {
                zh: string;
                en: string;
            };
            price: {
                amountMinor: string;
                currency: string;
            };
            /** @enum {string} */
            pricing: "fixed" | "negotiable";
            quantity: number | null;
            remaining: number | null;
            terms: {
                sublicensing: boolean;
                conditions: ("attribution" | "no-derivatives" | "non-commercial" | "same-revenue-share" | "share-alike")[];
                curePeriodDays: number;
                governingLaw: string;
                attribution?: string;
                revenueShareBps?: number;
                delivery?: string;
                breach?: string;
            };
            /**
             * @description `stale`: open, but what it sells cannot be sold as things stand; `faults` says why.
             * @enum {string}
             */
            state: "closed" | "open" | "sold-out" | "stale" | "upcoming" | "withdrawn";
            faults: string[];
            isPrivate: boolean;
            publishedAt: string;
            opensAt: string;
            closesAt: string | null;
            links: {
                self: string;
                work: string;
                quote: string;
            };
        };
        /** @description A top-up or payout as its owner sees it. */
        MovementView: {
            id: string;
            /** @enum {string} */
            kind: "payout" | "top-up";
            /** @enum {string} */
            state: "cancelled" | "confirmed" | "half-confirmed" | "rejected" | "requested" | "taken-up";
            currency: string;
            amountMinor: string;
            note: string | null;
            destination?: string | null;
            bankReference: string | null;
            /** @description How many operators have to confirm it. */
            operatorsNeeded: number;
            /** @description Why it was rejected. */
            reason: string | null;
            requestedAt: string;
            endedAt: string | null;
            /** @description For operators only: whose it is, and who did what. */
            account?: string;
            takenUpBy?: string | null;
            firstConfirmedBy?: string | null;
            confirmedBy?: string | null;
            rejectedBy?: string | null;
        };
        /** @description Who gets what of the standing offer's price, and what is in the way of a sale at the moment: consents that are missing, rights that are taken. */
        NegotiationDetail: {
            lines: {
                /** @enum {string} */
                role: "fee" | "original" | "owner" | "tax";
                account: string | null;
                work: string | null;
                amountMinor: string;
            }[];
            faults: string[];
            number: string;
            listing: string;
            work: string;
            /** @enum {string} */
            kind: "assignment" | "exclusive-licence" | "licence";
            /**
             * @description What the caller is in it.
             * @enum {string}
             */
            role: "buyer" | "seller";
            buyer: string;
            seller: string;
            /** @enum {string} */
            state: "agreed" | "closed" | "failed" | "lapsed" | "open" | "withdrawn";
            /** @description Why it failed or was closed. */
            reason: string | null;
            order: string | null;
            /** @description The offer that may be accepted now. */
            standing: components["schemas"]["OfferView"] | null;
            openedAt: string;
            lapsesAt: string;
            endedAt: string | null;
            links: {
                self: string;
                listing: string;
                offers: string;
                thread: string;
                order: string | null;
            };
        };
        NegotiationView: {
            number: string;
            listing: string;
            work: string;
            /** @enum {string} */
            kind: "assignment" | "exclusive-licence" | "licence";
            /**
             * @description What the caller is in it.
             * @enum {string}
             */
            role: "buyer" | "seller";
            buyer: string;
            seller: string;
            /** @enum {string} */
            state: "agreed" | "closed" | "failed" | "lapsed" | "open" | "withdrawn";
            /** @description Why it failed or was closed. */
            reason: string | null;
            order: string | null;
            /** @description The offer that may be accepted now. */
            standing: components["schemas"]["OfferView"] | null;
            openedAt: string;
            lapsesAt: string;
            endedAt: string | null;
            links: {
                self: string;
                listing: string;
                offers: string;
                thread: string;
                order: string | null;
            };
        };
        NoticeView: {
            id: string;
            /** @enum {string} */
            kind: "consent-given" | "consent-wanted" | "consent-withdrawn" | "licence-accepted" | "licence-breach-cured" | "licence-breach-dispute-withdrawn" | "licence-breach-disputed" | "licence-breach-notified" | "licence-by-co-owner" | "licence-objected" | "licence-objection-withdrawn" | "licence-offered" | "licence-parent-ended" | "licence-signed" | "licence-terminated" | "licence-termination-proposed" | "money-corrected" | "negotiation-agreed" | "negotiation-ended" | "negotiation-message" | "offer-lapsed" | "offer-made" | "offer-rejected" | "order-disputed" | "order-expired" | "order-funded" | "order-refunded" | "order-settled" | "order-share-paid" | "order-unfunded" | "payout-confirmed" | "payout-rejected" | "payout-taken-up" | "top-up-confirmed" | "top-up-rejected" | "work-assigned" | "work-term-fixed";
            subject: string;
            createdAt: string;
            readAt: string | null;
        };
        OfferView: {
            id: number;
            /** @enum {string} */
            by: "buyer" | "seller";
            /** @enum {string} */
            state: "accepted" | "lapsed" | "rejected" | "replaced" | "standing" | "void";
            madeAt: string;
            expiresAt: string;
            endedAt: string | null;
            amountMinor: string;
            currency: string;
        };
        OfferedAnswer: {
            number: string;
            work: string;
            terms: {
                /** @enum {string} */
                exclusivity: "exclusive" | "non-exclusive" | "sole";
                scope: {
                    rights: string[];
                    territories: string[];
                    uses: string[];
                    languages: string[];
                    term: {
                        from: string;
                        to: string | null;
                        /** @enum {string} */
                        timeZone?: "Asia/Shanghai" | "UTC";
                    } | {
                        from: string;
                        until: string | null;
                    };
                };
                /** @description Whether the licensee may license others; otherwise that needs consent (Implementing Regulations Art. 24). */
                sublicensing: boolean;
                /** @description An open licence to the public: whoever keeps its conditions has it, without asking. */
                toAnyone: boolean;
                conditions: ("attribution" | "no-derivatives" | "non-commercial" | "same-revenue-share" | "share-alike")[];
                /** @description Null: nothing to pay but the share of revenue. */
                price: {
                    amountMinor: string;
                    currency: string;
                    /** @enum {string} */
                    per: "copy" | "licence" | "year";
                } | null;
                /** @description Of what the licensee takes in, in hundredths of a percent. */
                revenueShareBps: number | null;
                /** @description ISO 3166-1 or 3166-2; null where the licence names no law, as Creative Commons do not. */
                governingLaw: string | null;
                /** @description The text of a licence that is known by its address. */
                licenceUri: string | null;
            } | {
                /** @enum {boolean} */
                reserved: true;
                scope: {
                    rights: string[];
                    territories: string[];
                    uses: string[];
                    languages: string[];
                    term: {
                        from: string;
                        to: string | null;
                        /** @enum {string} */
                        timeZone?: "Asia/Shanghai" | "UTC";
                    } | {
                        from: string;
                        until: string | null;
                    };
                };
            };
            /** @description Of open terms: the licence to anyone that was granted with them. */
            licence: string | null;
            subject: string;
            seq: number;
            statement: {
                id: string;
                leafHash: string;
            };
            receipt: string;
        };
        /** @description All that a wallet needs to fund an order, and to take it back without us (docs/spec/settlement.md). */
        PaymentView: {
            chainId: number;
            contract: string;
            order: {
                orderId: string;
                buyer: string;
                token: string;
                amount: string;
                payees: string[];
                shareBps: number[];
                deadline: string;
            };
            orderHash: string;
            signature: string;
            /** @description Until when it is to be paid; the contract's own deadline, from which on the buyer takes back what was not released, is in the order. */
            payBy: string;
            /**
             * @description What the chain is known to say of it.
             * @enum {string}
             */
            state: "funded" | "refunded" | "released" | "unpaid";
            transactions: {
                funded: string | null;
                ended: string | null;
            };
        };
        /** @description What placing an order answers, then and again. */
        PlacedOrder: {
            number: string;
            state: string;
            listing: string;
            work: string;
            amountMinor: string;
            currency: string;
            lines: {
                /** @enum {string} */
                role: "fee" | "original" | "owner" | "tax";
                account: string | null;
                work: string | null;
                amountMinor: string;
            }[];
            /** @description What was granted, once it is. */
            licence: string | null;
            /** @description The signed promise that the trade will be in the log. */
            receipt: string | null;
            protectedUntil: string | null;
            /** @description What the buyer's wallet funds, when it is paid on chain. */
            payment?: components["schemas"]["PaymentView"];
            links: {
                self: string;
                proof: string;
                licence: string | null;
            };
        };
        /** @description RFC 9457. `code` is one of a closed set; `errors` points at faults of the request by JSON pointers. */
        Problem: {
            type: string;
            title: string;
            status: number;
            /** @enum {string} */
            code: "HTTP.BAD_REQUEST" | "HTTP.INVALID_JSON" | "HTTP.INVALID_BODY" | "HTTP.INVALID_PARAMETER" | "HTTP.INVALID_CURSOR" | "HTTP.INVALID_IDEMPOTENCY_KEY" | "HTTP.UNAUTHENTICATED" | "HTTP.SCOPE_MISSING" | "HTTP.SESSION_REQUIRED" | "HTTP.CROSS_ORIGIN" | "HTTP.FORBIDDEN" | "HTTP.NOT_FOUND" | "HTTP.METHOD_NOT_ALLOWED" | "HTTP.IDEMPOTENCY_IN_FLIGHT" | "HTTP.PAYLOAD_TOO_LARGE" | "HTTP.URI_TOO_LONG" | "HTTP.UNSUPPORTED_MEDIA_TYPE" | "HTTP.RANGE_NOT_SATISFIABLE" | "HTTP.UNPROCESSABLE" | "HTTP.IDEMPOTENCY_KEY_REUSED" | "HTTP.TOO_MANY_REQUESTS" | "HTTP.UNAVAILABLE" | "IDENTITY.INVALID_CREDENTIALS" | "IDENTITY.INVALID_TOKEN" | "IDENTITY.TOO_MANY_API_KEYS" | "IDENTITY.API_KEY_NOT_FOUND" | "STATEMENT.TOO_LONG" | "STATEMENT.MALFORMED" | "STATEMENT.NOT_CANONICAL" | "WORKS.NOT_FOUND" | "WORKS.NOT_OWNER" | "WORKS.WITHDRAWN" | "WORKS.ALREADY_CLAIMED" | "WORKS.RIGHTS_HELD_BY_OTHERS" | "WORKS.FORM_MISSING" | "WORKS.FORM_INVALID" | "WORKS.FORM_TOO_LARGE" | "WORKS.NO_FILES" | "WORKS.TOO_MANY_FILES" | "WORKS.FILE_TOO_LARGE" | "WORKS.FILE_EMPTY" | "WORKS.FILE_MISDECLARED" | "WORKS.FILE_NAME_INVALID" | "WORKS.UPLOAD_INTERRUPTED" | "WORKS.UPLOAD_EXPIRED" | "WORKS.NO_PREVIEW" | "WORKS.AMENDMENT_EMPTY" | "WORKS.DISCLOSURE_NOT_FOUND" | "LICENSING.NOT_FOUND" | "LICENSING.SCOPE_INVALID" | "LICENSING.NO_TITLE" | "LICENSING.BEYOND_TITLE" | "LICENSING.BEYOND_PARENT" | "LICENSING.SCOPE_CONFLICT" | "LICENSING.CONSENT_MISSING" | "LICENSING.CONSENT_NOT_FOUND" | "LICENSING.NOT_HOLDER" | "LICENSING.NOT_PARTY" | "LICENSING.ACCOUNT_PRIVATE" | "LICENSING.ACCOUNT_UNKNOWN" | "LICENSING.SUBJECT_TO_INVALID" | "LICENSING.NOT_IN_THIS_STATE" | "LICENSING.CURE_PERIOD_TOO_SHORT" | "LICENSING.TERM_FIXED" | "LICENSING.TERMS_NOT_FOUND" | "LICENSING.TERMS_INVALID" | "LICENSING.PAYMENT_NEEDED" | "LICENSING.CONTRACT_ERASED" | "LICENSING.DISCLOSURE_INVALID" | "ACTOR_KEYS.UNKNOWN" | "ACTOR_KEYS.INVALID_PROOF" | "ACTOR_KEYS.EXPIRED" | "ACTOR_KEYS.NONCE_USED" | "ACTOR_KEYS.ALREADY_ADDED" | "ACTOR_KEYS.TOO_MANY" | "ACCOUNTING.INSUFFICIENT_FUNDS" | "ACCOUNTING.HOLD_ENDED" | "ACCOUNTING.NOT_FOUND" | "ACCOUNTING.NOT_IN_THIS_STATE" | "ACCOUNTING.BANK_REFERENCE_USED" | "ACCOUNTING.BANK_REFERENCE_DIFFERS" | "ACCOUNTING.OWN_REQUEST" | "ACCOUNTING.SAME_OPERATOR" | "ACCOUNTING.CORRECTION_INVALID" | "OPERATORS.NOT_OPERATOR" | "TRADING.LISTING_NOT_FOUND" | "TRADING.SELLER_NOT_FOUND" | "TRADING.LISTING_CLOSED" | "TRADING.LISTING_STALE" | "TRADING.NOT_SELLER" | "TRADING.NOT_BUYER" | "TRADING.OWN_LISTING" | "TRADING.AUDIENCE_NEEDED" | "TRADING.LISTING_INVALID" | "TRADING.PRICE_CHANGED" | "TRADING.CURRENCY_UNAVAILABLE" | "TRADING.WALLET_MISSING" | "TRADING.NOT_PAYABLE_ON_CHAIN" | "TRADING.CHAIN_UNAVAILABLE" | "TRADING.PAYMENT_UNSURE" | "TRADING.PAYMENT_ON_ITS_WAY" | "TRADING.ORDER_UNPAID" | "TRADING.TOO_MANY_UNPAID" | "TRADING.NOT_PAID_BEFORE" | "TRADING.DEADLINE_NEAR" | "TRADING.SHARES_CHANGED" | "TRADING.ORDER_NOT_FOUND" | "TRADING.NOT_IN_THIS_STATE" | "TRADING.NEGOTIATION_NOT_FOUND" | "TRADING.NOT_NEGOTIABLE" | "TRADING.NEGOTIATION_OPEN" | "TRADING.NEGOTIATION_ENDED" | "TRADING.NEGOTIATION_FULL" | "TRADING.OFFER_INVALID" | "TRADING.OFFER_NOT_STANDING" | "TRADING.OFFER_BINDING" | "TRADING.OWN_OFFER" | "TRADING.DOCUMENT_NOT_FOUND" | "TRADING.DOCUMENT_INVALID" | "TRADING.DOCUMENT_TOO_LARGE" | "TRADING.DOCUMENT_TYPE" | "TRADING.UPLOAD_INTERRUPTED" | "TRADING.NOT_PARTY" | "TRADING.NOT_ENTITLED" | "TRADING.FILE_NOT_HELD" | "TRADING.DELIVERY_NOT_FOUND" | "VERIFICATION.NOTHING_TO_VERIFY" | "VERIFICATION.FORM_INVALID" | "VERIFICATION.UPLOAD_INTERRUPTED" | "VERIFICATION.BUNDLE_INVALID" | "VERIFICATION.BUNDLE_TOO_LARGE" | "VERIFICATION.FILE_TOO_LARGE" | "VERIFICATION.TOO_MANY_FILES" | "LOG.NOT_FOUND" | "LOG.NOT_YET_LOGGED" | "LOG.RECOVERY_NEEDED" | "LOG.FORKED" | "STORAGE.FULL" | "INTERNAL";
            detail: string;
            requestId: string;
            errors?: {
                pointer: string;
                detail: string;
            }[];
        };
        RegisteredWork: {
            number: string;
            /** @enum {string} */
            status: "accepted";
            statement: components["schemas"]["StatementReference"];
            receipt: string;
            links: {
                self: string;
                proof: string;
                history: string;
                events: string;
            };
        };
        Report: {
            /** @enum {string} */
            verdict: "refuted" | "unconfirmed" | "verified";
            subject: string;
            /** @description One line a check, always all of them, in the order of {@link CHECKS}. */
            checks: components["schemas"]["CheckLine"][];
            /** @description The tree that the proof speaks of; null when no checkpoint could be read. */
            asOf: {
                origin: string;
                treeSize: number;
                rootHash: string;
            } | null;
            times: {
                /** @description Time of the anchoring block, asked of the told chain; null unless anchor-on-chain passed and nothing failed. The statements existed before it. */
                existedBefore: string | null;
                /** @description On a development chain anyone sets the clock: the time proves nothing. */
                developmentChain: boolean;
                /** @description What the operator wrote in the first statement of the subject. A claim, no proof. */
                claimedIssuedAt: string | null;
            };
            /** @description The same in sentences, with the limits of what was proved. */
            notes: string[];
        };
        SellerView: {
            account: string;
            name: string;
            since: string;
            works: components["schemas"]["Counted"];
            listings: components["schemas"]["Counted"];
            links: {
                self: string;
                works: string;
                listings: string;
            };
        };
        /** @description What sending answers: where it stands in the thread. */
        SentEntry: {
            id: number;
            sentAt: string;
        };
        /** @description Whom this service says one may believe: itself. Whoever wants to depend on it for nothing learns the same elsewhere. */
        ServiceTrust: {
            /** @description Verifier keys of the log, the current one first. */
            logKeys: string[];
            contract: {
                chainId: number;
                address: string;
            };
            /** @description A JSON-RPC server of that chain that browsers may ask; null: the operator names none. */
            rpcUrl: string | null;
        };
        /** @description Where a statement stands: of which work, in which block. */
        StatementReference: {
            id: string;
            leafHash: string;
        };
        /** @description What is not free: by which kind of grant, and until when; whose it is stays unsaid. */
        TakenBox: {
            /** @enum {string} */
            exclusivity: "exclusive" | "non-exclusive" | "sole";
            /** @description Null: to the end of protection. */
            until: string | null;
            scope: {
                rights: string[];
                territories: string[];
                uses: string[];
                languages: string[];
                term: {
                    from: string;
                    to: string | null;
                    /** @enum {string} */
                    timeZone?: "Asia/Shanghai" | "UTC";
                } | {
                    from: string;
                    until: string | null;
                };
            };
            sentence: {
                zh: string;
                en: string;
            };
        };
        TrainingMiningAssertion: {
            /** @enum {string} */
            label: "c2pa.training-mining" | "cawg.training-mining";
            data: {
                entries: {
                    [key: string]: {
                        /** @enum {string} */
                        use: "allowed" | "constrained" | "notAllowed";
                        constraint_info?: string;
                    };
                };
            };
        };
        /** @description One posting to an account of the caller's. */
        TransferView: {
            transferId: string;
            /** @enum {string} */
            kind: "chain-funded" | "chain-refund" | "chain-settlement" | "correction" | "hold" | "hold-voided" | "payout" | "refund" | "settlement" | "top-up" | "withdrawal";
            /** @description What it is about: the id of a top-up, a payout, an order. */
            subject: string;
            madeAt: string;
            /** @enum {string} */
            purpose: "available" | "bank" | "clearing" | "contract" | "fees" | "held" | "on-chain" | "taxes";
            /** @description The purposes of the accounts on the other side; whose they are is not said. */
            counterPurposes: ("available" | "bank" | "clearing" | "contract" | "fees" | "held" | "on-chain" | "taxes")[];
            currency: string;
            /** @description A credit is positive, a debit negative. */
            amountMinor: string;
            corrects: string | null;
        };
        TrialBalance: {
            asOf: string;
            rows: {
                /** @enum {string} */
                owner: "service" | "users";
                /** @enum {string} */
                purpose: "available" | "bank" | "clearing" | "contract" | "fees" | "held" | "on-chain" | "taxes";
                currency: string;
                accounts: number;
                debitMinor: string;
                creditMinor: string;
                balanceMinor: string;
            }[];
            /** @description Of each currency: debits are as much as credits, and what users' accounts say is what was posted to them. */
            totals: {
                currency: string;
                debitMinor: string;
                creditMinor: string;
                balances: boolean;
            }[];
        };
        Verification: {
            /** @description One for each file or digest that was sent. */
            contents: components["schemas"]["ContentMatch"][];
            /** @description Null when no bundle was sent. */
            proof: components["schemas"]["BundleCheck"] | null;
        };
        WorkHistory: {
            items: components["schemas"]["HistoryItem"][];
        };
        WorkSummary: {
            number: string;
            title: string | null;
            category: string;
            visibility: string;
            account: string;
            depositedAt: string;
            withdrawnAt: string | null;
            links: {
                self: string;
                proof: string;
                history: string;
                events: string;
            };
        };
        /** @description A work as its statements leave it, as the caller may see it. */
        WorkView: {
            number: string;
            withdrawnAt: string | null;
            /** @description Of the deposit. */
            statement: components["schemas"]["StatementReference"];
            receipt: string;
            /** @description Whether the caller deposited it. */
            isOwner: boolean;
            links: {
                self: string;
                proof: string;
                history: string;
                events: string;
            };
            title?: string;
            rights?: ("all" | "none") | ("adaptation" | "alteration" | "attribution" | "broadcasting" | "compilation" | "distribution" | "exhibition" | "filming" | "integrity" | "network-dissemination" | "other-economic" | "performance" | "projection" | "publication" | "rental" | "reproduction" | "translation")[];
            /** @enum {string} */
            category?: "acrobatics" | "architecture" | "audiovisual" | "choreography" | "design-drawing" | "drama" | "fine-art" | "literary" | "map-diagram" | "model" | "music" | "oral" | "other" | "photography" | "quyi" | "software";
            /** @enum {string} */
            composition?: "series" | "single";
            creation?: {
                /** @enum {string} */
                nature?: "adaptation" | "annotation" | "arrangement" | "compilation" | "original" | "other" | "translation";
                completedOn?: string;
                place?: string;
                derivedFrom?: ({
                    work?: string;
                } | {
                    title?: string;
                    /** @enum {string} */
                    status?: "in-copyright" | "public-domain";
                })[];
            };
            publication?: {
                /** @enum {string} */
                state?: "published" | "unpublished";
                firstPublishedOn?: string;
                place?: string;
            };
            /** @enum {string} */
            visibility?: "confidential" | "public";
            authors?: {
                /** @enum {string} */
                signedAs?: "anonymous" | "pseudonym" | "real-name";
                name?: string;
                creditedAs?: string;
            }[];
            owners?: {
                name?: string;
                /** @enum {string} */
                kind?: "organisation" | "person";
                shareBps?: number;
                account?: string;
                identity?: {
                    kind?: string;
                    number?: string;
                };
                contact?: string;
                address?: string;
            }[];
            /** @enum {string} */
            acquisition?: "inheritance" | "original" | "other" | "succession";
            acquisitionEvidence?: string[];
            creationEvidence?: string[];
            /** @enum {string} */
            ownership?: "commissioned" | "employment" | "individual" | "joint" | "legal-entity";
            /** @enum {string} */
            noRightsBasis?: "folklore" | "holder-of-original" | "public-domain";
            workStatement?: {
                purpose?: string;
                process?: string;
                originality?: string;
            };
            applicant?: {
                /** @enum {string} */
                capacity?: "agent" | "owner";
                name?: string;
                contact?: string;
            };
            registration?: {
                number?: string;
                registry?: string;
                registeredOn?: string;
            };
            /** @enum {string} */
            aiGenerated?: "generated" | "none" | "possibly-generated" | "suspected";
            aigc?: {
                contentProducer?: string;
                produceId?: string;
                contentPropagator?: string;
                propagateId?: string;
            };
            contents?: components["schemas"]["ContentView"][];
            /** @enum {string} */
            claim?: "rival";
            /** @enum {string} */
            status: "accepted" | "anchored" | "final" | "logged";
            timeline: {
                acceptedAt: string;
                loggedAt: string | null;
                anchoredAt: string | null;
                finalAt: string | null;
            };
            leafIndex: number | null;
            anchor: components["schemas"]["AnchorView"] | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    ActorKeys_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["KeyView"][];
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ActorKeys_add: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    scheme: "ed25519";
                    /** @description The public key, lower-case hex */
                    key: string;
                    /** @description The key’s signature of the act: type account.key-added, actor and subject acct: and the account’s id, body {scheme, key}, nothing sealed */
                    proof: {
                        nonce: string;
                        expiresAt: string;
                        value: string;
                    };
                } | {
                    /** @enum {string} */
                    scheme: "eip191";
                    /** @description The wallet’s address, lower case */
                    key: string;
                    /** @description The key’s signature of the act: type account.key-added, actor and subject acct: and the account’s id, body {scheme, key}, nothing sealed */
                    proof: {
                        nonce: string;
                        expiresAt: string;
                        value: string;
                    };
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ActorKeys_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Accounts_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Compared without case */
                    email: string;
                    /** Format: password */
                    password: string;
                    displayName: string;
                    /**
                     * @description Language of mails; by default that of Accept-Language
                     * @enum {string}
                     */
                    locale?: "zh" | "en";
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        email: string;
                        displayName: string;
                        /** @enum {boolean} */
                        emailVerified: false;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Accounts_current: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        email: string;
                        displayName: string;
                        emailVerified: boolean;
                        /** @enum {string} */
                        locale: "en" | "zh";
                        noticeMails: boolean;
                        createdAt: string;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Accounts_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Language of mails; by default that of Accept-Language
                     * @enum {string}
                     */
                    locale?: "zh" | "en";
                    /** @description Whether notices that should not be missed are mailed as well, to a verified address */
                    noticeMails?: boolean;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        email: string;
                        displayName: string;
                        emailVerified: boolean;
                        /** @enum {string} */
                        locale: "en" | "zh";
                        noticeMails: boolean;
                        createdAt: string;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Anchors_list: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AnchorView"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ApiKeys_list: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: string;
                            name: string;
                            scopes: string[];
                            createdAt: string;
                            lastUsedAt: string | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ApiKeys_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    scopes: ("account:read" | "works:read" | "works:write" | "rights:write" | "money:read" | "money:write")[];
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        key: string;
                        name: string;
                        scopes: string[];
                        createdAt: string;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ApiKeys_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Balances_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Balance"][];
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Anchors_chain: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChainStatusAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Deliveries_deliver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Disputes_list: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
                /** @description open: whatever still waits for an operator */
                state?: "open" | "ended";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            [key: string]: unknown;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Recovery_requestVerification: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Recovery_completeVerification: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Ledger_corrections: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
                state?: "proposed" | "posted" | "rejected";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CorrectionView"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Ledger_correct: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uuid
                     * @description The transfer that it corrects
                     */
                    transferId: string;
                    reason: string;
                    postings: {
                        /**
                         * Format: uuid
                         * @description Whose available money it is; without one it is the service’s own account
                         */
                        account?: string;
                        /** @enum {string} */
                        purpose: "available" | "bank" | "fees" | "taxes" | "clearing";
                        /** @description CNY, USD, HKD, EUR, ETH, or erc20:CHAIN:0xADDRESS */
                        currency: string;
                        /** @description A credit is positive, a debit negative */
                        amountMinor: string;
                    }[];
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CorrectionView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Ledger_approve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CorrectionView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Ledger_reject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CorrectionView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Ledger_queue: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
                kind?: "top-up" | "payout";
                /** @description open: whatever still waits for an operator */
                state?: "requested" | "taken-up" | "half-confirmed" | "confirmed" | "rejected" | "cancelled" | "open";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["MovementView"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Ledger_balance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialBalance"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Terms_presets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            [key: string]: unknown;
                        }[];
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Terms_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Terms_take: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantedLicence"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Terms_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppendedAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_list: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
                /** @description What the caller is in them */
                role?: "licensee" | "grantor";
                work?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            [key: string]: unknown;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_accept: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppendedAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_notifyBreach: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                    /** @description Longer than the contract has it, if at all */
                    curePeriodDays?: number;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppendedAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_cureBreach: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppendedAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_disputeBreach: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppendedAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_withdrawDispute: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppendedAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_contractText: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        text: string;
                        sha256: string;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_contractPdf: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_present: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description As the licence’s proof bundle has it: base64url of [salt, pointer, value] */
                    disclosure: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_history: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            [key: string]: unknown;
                        }[];
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_object: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppendedAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_withdrawObjection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
                seq: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppendedAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_proof: {
        parameters: {
            query?: {
                at?: "anchored" | "newest";
                /** @description Whether the parties are opened; only they may */
                parties?: "sealed" | "open";
            };
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_renew: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description An instant, or a day (Asia/Shanghai) that is meant; null: to the end of protection */
                    until: (string) | null;
                    price?: {
                        amountMinor: string;
                        currency: string;
                        /**
                         * @default licence
                         * @enum {string}
                         */
                        per?: "licence" | "year" | "copy";
                    };
                    payment?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantedLicence"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_sign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description By a key of the caller’s, over the act: type licence.signed, actor acct: and the account’s id, subject the licence’s number, body {}, sealed the digest of the disclosure */
                    signature: {
                        /** @enum {string} */
                        scheme: "ed25519" | "eip191";
                        by: string;
                        nonce: string;
                        expiresAt: string;
                        value: string;
                    };
                    /** @description base64url of [salt, "/contractSha256", the contract’s SHA-256]; a salt of 128 random bits, used nowhere else */
                    disclosure: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppendedAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_sublicense: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The account that is licensed; left out only of a declared licence, whose licensee may have none */
                    licensee?: string | "anyone";
                    /** @enum {string} */
                    exclusivity: "non-exclusive" | "sole" | "exclusive";
                    scope: {
                        rights: string[];
                        territories: string[];
                        uses: string[];
                        languages: string[];
                        term: {
                            /** Format: date */
                            from: string;
                            /** Format: date */
                            to: string | null;
                            /** @enum {string} */
                            timeZone?: "Asia/Shanghai" | "UTC";
                        } | {
                            /** Format: date-time */
                            from: string;
                            /** Format: date-time */
                            until: string | null;
                        };
                    };
                    /** @default false */
                    sublicensing?: boolean;
                    /** @default [] */
                    conditions?: ("attribution" | "non-commercial" | "share-alike" | "no-derivatives" | "same-revenue-share")[];
                    /**
                     * @description Earlier non-exclusive licences that an exclusive or sole one leaves alone
                     * @default []
                     */
                    subjectTo?: string[];
                    declared?: {
                        /** @enum {string} */
                        kind: "licence" | "assignment";
                        paperSha256: string;
                        /** Format: date */
                        signedOn: string;
                        licenseeName?: string;
                    };
                    price?: {
                        amountMinor: string;
                        currency: string;
                        /**
                         * @default licence
                         * @enum {string}
                         */
                        per?: "licence" | "year" | "copy";
                    };
                    payment?: string;
                    attribution?: string;
                    revenueShareBps?: number;
                    /**
                     * @description How long a party has to cure a breach
                     * @default 30
                     */
                    curePeriodDays?: number;
                    /** @default CN */
                    governingLaw?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantedLicence"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_terminate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    ground: "mutual";
                    /** Format: date-time */
                    effectiveAt?: string;
                    /** @description From the beginning, as if it had not been granted; false when it is left out, but for an agreement that names its proposal */
                    rescind?: boolean;
                    /** @description Seq of the other side’s proposal that is agreed to, with all its terms, or not at all */
                    proposal?: number;
                    reason?: string;
                } | {
                    /** @enum {string} */
                    ground: "breach";
                    reason?: string;
                } | {
                    /** @enum {string} */
                    ground: "declined";
                    reason?: string;
                } | {
                    /** @enum {string} */
                    ground: "withdrawn";
                    reason?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        subject: string;
                        seq: number;
                        statement: {
                            id: string;
                            leafHash: string;
                        };
                        receipt: string;
                        ended: boolean;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Listings_search: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
                /** @description What the title and the credited names of the work are to hold, as in the search of works */
                q?: string;
                category?: "literary" | "oral" | "music" | "drama" | "quyi" | "choreography" | "acrobatics" | "fine-art" | "architecture" | "photography" | "audiovisual" | "design-drawing" | "map-diagram" | "model" | "software" | "other";
                /** @description Whose; «me» lists also what is not open */
                seller?: string | "me";
                work?: string;
                kind?: "licence" | "exclusive-licence" | "assignment";
                pricing?: "fixed" | "negotiable";
                /** @description What is sold covers this right */
                right?: "reproduction" | "distribution" | "rental" | "exhibition" | "performance" | "projection" | "broadcasting" | "network-dissemination" | "filming" | "adaptation" | "translation" | "compilation" | "other-economic";
                /** @description What is sold covers this country or region */
                territory?: "AD" | "AE" | "AF" | "AG" | "AI" | "AL" | "AM" | "AO" | "AQ" | "AR" | "AS" | "AT" | "AU" | "AW" | "AX" | "AZ" | "BA" | "BB" | "BD" | "BE" | "BF" | "BG" | "BH" | "BI" | "BJ" | "BL" | "BM" | "BN" | "BO" | "BQ" | "BR" | "BS" | "BT" | "BV" | "BW" | "BY" | "BZ" | "CA" | "CC" | "CD" | "CF" | "CG" | "CH" | "CI" | "CK" | "CL" | "CM" | "CN" | "CO" | "CR" | "CU" | "CV" | "CW" | "CX" | "CY" | "CZ" | "DE" | "DJ" | "DK" | "DM" | "DO" | "DZ" | "EC" | "EE" | "EG" | "EH" | "ER" | "ES" | "ET" | "FI" | "FJ" | "FK" | "FM" | "FO" | "FR" | "GA" | "GB" | "GD" | "GE" | "GF" | "GG" | "GH" | "GI" | "GL" | "GM" | "GN" | "GP" | "GQ" | "GR" | "GS" | "GT" | "GU" | "GW" | "GY" | "HK" | "HM" | "HN" | "HR" | "HT" | "HU" | "ID" | "IE" | "IL" | "IM" | "IN" | "IO" | "IQ" | "IR" | "IS" | "IT" | "JE" | "JM" | "JO" | "JP" | "KE" | "KG" | "KH" | "KI" | "KM" | "KN" | "KP" | "KR" | "KW" | "KY" | "KZ" | "LA" | "LB" | "LC" | "LI" | "LK" | "LR" | "LS" | "LT" | "LU" | "LV" | "LY" | "MA" | "MC" | "MD" | "ME" | "MF" | "MG" | "MH" | "MK" | "ML" | "MM" | "MN" | "MO" | "MP" | "MQ" | "MR" | "MS" | "MT" | "MU" | "MV" | "MW" | "MX" | "MY" | "MZ" | "NA" | "NC" | "NE" | "NF" | "NG" | "NI" | "NL" | "NO" | "NP" | "NR" | "NU" | "NZ" | "OM" | "PA" | "PE" | "PF" | "PG" | "PH" | "PK" | "PL" | "PM" | "PN" | "PR" | "PS" | "PT" | "PW" | "PY" | "QA" | "RE" | "RO" | "RS" | "RU" | "RW" | "SA" | "SB" | "SC" | "SD" | "SE" | "SG" | "SH" | "SI" | "SJ" | "SK" | "SL" | "SM" | "SN" | "SO" | "SR" | "SS" | "ST" | "SV" | "SX" | "SY" | "SZ" | "TC" | "TD" | "TF" | "TG" | "TH" | "TJ" | "TK" | "TL" | "TM" | "TN" | "TO" | "TR" | "TT" | "TV" | "TW" | "TZ" | "UA" | "UG" | "UM" | "US" | "UY" | "UZ" | "VA" | "VC" | "VE" | "VG" | "VI" | "VN" | "VU" | "WF" | "WS" | "YE" | "YT" | "ZA" | "ZM" | "ZW";
                /** @description What is sold covers this use */
                use?: "print" | "e-book" | "audiobook" | "periodical" | "film" | "television" | "streaming" | "radio-podcast" | "sound-recording" | "games" | "software" | "merchandise" | "packaging" | "advertising" | "social-media" | "website" | "exhibition" | "live-performance" | "public-space" | "education" | "news" | "internal" | "digital-collectible" | "ai-training" | "personal";
                /** @description Nobody has a licence of any of what is sold: it could still be granted exclusively */
                exclusive?: "true" | "false";
                currency?: string;
                /** @description Whole minor units of `currency` */
                minAmountMinor?: string;
                /** @description Whole minor units of `currency` */
                maxAmountMinor?: string;
                /** @description `exclude` leaves out what cannot be sold as things stand */
                stale?: "include" | "exclude";
                /** @description By price needs `currency`, `relevance` needs `q`; of very many listings that hold the words the newest are sorted */
                sort?: "newest" | "price-up" | "price-down" | "relevance";
                /** @description Counts by category, kind and currency as well */
                facets?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FoundListings"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Listings_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListingView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Listings_edit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description An amount in whole minor units (fen, cents, wei) of one currency */
                    price?: {
                        amountMinor: string;
                        currency: string;
                    };
                    /** Format: date-time */
                    closesAt?: string | null;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListingView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Negotiations_begin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description An amount in whole minor units (fen, cents, wei) of one currency */
                    offer: {
                        amountMinor: string;
                        currency: string;
                    };
                    /**
                     * Format: date-time
                     * @description Until when the offer binds its maker: a minute to 30 days from now
                     */
                    expiresAt: string;
                    message?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NegotiationView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Listings_quoted: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Listings_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListingView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Negotiations_list: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
                /** @description What the caller is in them */
                role?: "buyer" | "seller";
                state?: "open" | "agreed" | "failed" | "withdrawn" | "lapsed" | "closed";
                listing?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["NegotiationView"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Negotiations_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NegotiationDetail"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Negotiations_accept: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The id of the offer, as the negotiation shows it: whoever answers it means this one and no other */
                    offer: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptanceView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Negotiations_attach: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentEntry"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Negotiations_document: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
                position: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Negotiations_message: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    text: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentEntry"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Negotiations_offers: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["OfferView"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Negotiations_offer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description An amount in whole minor units (fen, cents, wei) of one currency */
                    offer: {
                        amountMinor: string;
                        currency: string;
                    };
                    /**
                     * Format: date-time
                     * @description Until when the offer binds its maker: a minute to 30 days from now
                     */
                    expiresAt: string;
                    message?: string;
                    /** @description The standing offer of the other side that this one takes the place of; refused when that has changed meanwhile */
                    answers?: number;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NegotiationView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Negotiations_reject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The id of the offer, as the negotiation shows it: whoever answers it means this one and no other */
                    offer: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NegotiationView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Negotiations_thread: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["EntryView"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Negotiations_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NegotiationView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Notices_list: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
                /** @description Only those that were not read yet */
                unread?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["NoticeView"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Notices_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The id of the newest notice that was read */
                    upTo: string;
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Terms_profile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Orders_list: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
                /** @description What the caller is in them */
                role?: "buyer" | "seller";
                state?: "created" | "funded" | "settled" | "cancelled" | "expired" | "refunded" | "disputed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            [key: string]: unknown;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Orders_buy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    listing: string;
                    /** @description The most that the buyer agrees to pay; a price above it, or in another currency, is refused */
                    max: {
                        amountMinor: string;
                        currency: string;
                    };
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlacedOrder"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Orders_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Orders_cancelOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Orders_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Deliveries_files: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["FileView"][];
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Deliveries_list: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DeliveryView"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Deliveries_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Of the file, as the order’s contents name it */
                    sha256: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryLink"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Orders_dispute: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Orders_proof: {
        parameters: {
            query?: {
                at?: "anchored" | "newest";
                /** @description Whether parties and price are opened; only buyer and seller may */
                parties?: "sealed" | "open";
            };
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Receipts_receipt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Orders_refund: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Orders_resolve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    outcome: "settle" | "refund";
                    /** @description Told to both parties */
                    reason: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Recovery_requestReset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Compared without case */
                    email: string;
                };
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Recovery_completeReset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
                    /** Format: password */
                    password: string;
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Payouts_own: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
                state?: "requested" | "taken-up" | "half-confirmed" | "confirmed" | "rejected" | "cancelled";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["MovementView"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Payouts_ask: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Minor units (fen, cents), as text */
                    amountMinor: string;
                    /** @enum {string} */
                    currency: "CNY" | "USD" | "HKD" | "EUR";
                    /** @description The account at the bank that the money is to be sent to, and its holder */
                    destination: string;
                    note?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Payouts_one: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Payouts_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Payouts_confirmed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Of the entry in the bank’s statement */
                    bankReference: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Payouts_rejected: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Told to the owner */
                    reason: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Payouts_takenUp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Check_check: {
        parameters: {
            query: {
                work: string;
                /** @description Whose right is asked for: a licence by its number, or an account, which is the caller’s own unless they hold rights in the work. Left out: the caller */
                licensee?: string;
                right: "reproduction" | "distribution" | "rental" | "exhibition" | "performance" | "projection" | "broadcasting" | "network-dissemination" | "filming" | "adaptation" | "translation" | "compilation" | "other-economic";
                territory: "AD" | "AE" | "AF" | "AG" | "AI" | "AL" | "AM" | "AO" | "AQ" | "AR" | "AS" | "AT" | "AU" | "AW" | "AX" | "AZ" | "BA" | "BB" | "BD" | "BE" | "BF" | "BG" | "BH" | "BI" | "BJ" | "BL" | "BM" | "BN" | "BO" | "BQ" | "BR" | "BS" | "BT" | "BV" | "BW" | "BY" | "BZ" | "CA" | "CC" | "CD" | "CF" | "CG" | "CH" | "CI" | "CK" | "CL" | "CM" | "CN" | "CO" | "CR" | "CU" | "CV" | "CW" | "CX" | "CY" | "CZ" | "DE" | "DJ" | "DK" | "DM" | "DO" | "DZ" | "EC" | "EE" | "EG" | "EH" | "ER" | "ES" | "ET" | "FI" | "FJ" | "FK" | "FM" | "FO" | "FR" | "GA" | "GB" | "GD" | "GE" | "GF" | "GG" | "GH" | "GI" | "GL" | "GM" | "GN" | "GP" | "GQ" | "GR" | "GS" | "GT" | "GU" | "GW" | "GY" | "HK" | "HM" | "HN" | "HR" | "HT" | "HU" | "ID" | "IE" | "IL" | "IM" | "IN" | "IO" | "IQ" | "IR" | "IS" | "IT" | "JE" | "JM" | "JO" | "JP" | "KE" | "KG" | "KH" | "KI" | "KM" | "KN" | "KP" | "KR" | "KW" | "KY" | "KZ" | "LA" | "LB" | "LC" | "LI" | "LK" | "LR" | "LS" | "LT" | "LU" | "LV" | "LY" | "MA" | "MC" | "MD" | "ME" | "MF" | "MG" | "MH" | "MK" | "ML" | "MM" | "MN" | "MO" | "MP" | "MQ" | "MR" | "MS" | "MT" | "MU" | "MV" | "MW" | "MX" | "MY" | "MZ" | "NA" | "NC" | "NE" | "NF" | "NG" | "NI" | "NL" | "NO" | "NP" | "NR" | "NU" | "NZ" | "OM" | "PA" | "PE" | "PF" | "PG" | "PH" | "PK" | "PL" | "PM" | "PN" | "PR" | "PS" | "PT" | "PW" | "PY" | "QA" | "RE" | "RO" | "RS" | "RU" | "RW" | "SA" | "SB" | "SC" | "SD" | "SE" | "SG" | "SH" | "SI" | "SJ" | "SK" | "SL" | "SM" | "SN" | "SO" | "SR" | "SS" | "ST" | "SV" | "SX" | "SY" | "SZ" | "TC" | "TD" | "TF" | "TG" | "TH" | "TJ" | "TK" | "TL" | "TM" | "TN" | "TO" | "TR" | "TT" | "TV" | "TW" | "TZ" | "UA" | "UG" | "UM" | "US" | "UY" | "UZ" | "VA" | "VC" | "VE" | "VG" | "VI" | "VN" | "VU" | "WF" | "WS" | "YE" | "YT" | "ZA" | "ZM" | "ZW";
                use: "print" | "e-book" | "audiobook" | "periodical" | "film" | "television" | "streaming" | "radio-podcast" | "sound-recording" | "games" | "software" | "merchandise" | "packaging" | "advertising" | "social-media" | "website" | "exhibition" | "live-performance" | "public-space" | "education" | "news" | "internal" | "digital-collectible" | "ai-training" | "personal";
                language?: "zh-Hans" | "zh-Hant" | "yue" | "wuu" | "nan" | "hak" | "en" | "ja" | "ko" | "fr" | "de" | "es" | "pt" | "it" | "ru" | "ar" | "hi" | "bn" | "ur" | "ta" | "id" | "ms" | "th" | "vi" | "lo" | "km" | "my" | "fil" | "mn" | "bo" | "ug" | "za" | "kk" | "ky" | "uz" | "tr" | "fa" | "he" | "nl" | "sv" | "nb" | "da" | "fi" | "is" | "pl" | "cs" | "sk" | "hu" | "ro" | "bg" | "el" | "uk" | "sr" | "hr" | "sl" | "et" | "lv" | "lt" | "sw" | "am" | "zxx";
                /** @description When it is done; now when left out */
                at?: string;
                /** @description By what was recorded then; by what is recorded now when left out */
                knownAt?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Check_checkMany: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    questions: {
                        work: string;
                        /** @description Whose right is asked for: a licence by its number, or an account, which is the caller’s own unless they hold rights in the work. Left out: the caller */
                        licensee?: string;
                        /** @enum {string} */
                        right: "reproduction" | "distribution" | "rental" | "exhibition" | "performance" | "projection" | "broadcasting" | "network-dissemination" | "filming" | "adaptation" | "translation" | "compilation" | "other-economic";
                        /** @enum {string} */
                        territory: "AD" | "AE" | "AF" | "AG" | "AI" | "AL" | "AM" | "AO" | "AQ" | "AR" | "AS" | "AT" | "AU" | "AW" | "AX" | "AZ" | "BA" | "BB" | "BD" | "BE" | "BF" | "BG" | "BH" | "BI" | "BJ" | "BL" | "BM" | "BN" | "BO" | "BQ" | "BR" | "BS" | "BT" | "BV" | "BW" | "BY" | "BZ" | "CA" | "CC" | "CD" | "CF" | "CG" | "CH" | "CI" | "CK" | "CL" | "CM" | "CN" | "CO" | "CR" | "CU" | "CV" | "CW" | "CX" | "CY" | "CZ" | "DE" | "DJ" | "DK" | "DM" | "DO" | "DZ" | "EC" | "EE" | "EG" | "EH" | "ER" | "ES" | "ET" | "FI" | "FJ" | "FK" | "FM" | "FO" | "FR" | "GA" | "GB" | "GD" | "GE" | "GF" | "GG" | "GH" | "GI" | "GL" | "GM" | "GN" | "GP" | "GQ" | "GR" | "GS" | "GT" | "GU" | "GW" | "GY" | "HK" | "HM" | "HN" | "HR" | "HT" | "HU" | "ID" | "IE" | "IL" | "IM" | "IN" | "IO" | "IQ" | "IR" | "IS" | "IT" | "JE" | "JM" | "JO" | "JP" | "KE" | "KG" | "KH" | "KI" | "KM" | "KN" | "KP" | "KR" | "KW" | "KY" | "KZ" | "LA" | "LB" | "LC" | "LI" | "LK" | "LR" | "LS" | "LT" | "LU" | "LV" | "LY" | "MA" | "MC" | "MD" | "ME" | "MF" | "MG" | "MH" | "MK" | "ML" | "MM" | "MN" | "MO" | "MP" | "MQ" | "MR" | "MS" | "MT" | "MU" | "MV" | "MW" | "MX" | "MY" | "MZ" | "NA" | "NC" | "NE" | "NF" | "NG" | "NI" | "NL" | "NO" | "NP" | "NR" | "NU" | "NZ" | "OM" | "PA" | "PE" | "PF" | "PG" | "PH" | "PK" | "PL" | "PM" | "PN" | "PR" | "PS" | "PT" | "PW" | "PY" | "QA" | "RE" | "RO" | "RS" | "RU" | "RW" | "SA" | "SB" | "SC" | "SD" | "SE" | "SG" | "SH" | "SI" | "SJ" | "SK" | "SL" | "SM" | "SN" | "SO" | "SR" | "SS" | "ST" | "SV" | "SX" | "SY" | "SZ" | "TC" | "TD" | "TF" | "TG" | "TH" | "TJ" | "TK" | "TL" | "TM" | "TN" | "TO" | "TR" | "TT" | "TV" | "TW" | "TZ" | "UA" | "UG" | "UM" | "US" | "UY" | "UZ" | "VA" | "VC" | "VE" | "VG" | "VI" | "VN" | "VU" | "WF" | "WS" | "YE" | "YT" | "ZA" | "ZM" | "ZW";
                        /** @enum {string} */
                        use: "print" | "e-book" | "audiobook" | "periodical" | "film" | "television" | "streaming" | "radio-podcast" | "sound-recording" | "games" | "software" | "merchandise" | "packaging" | "advertising" | "social-media" | "website" | "exhibition" | "live-performance" | "public-space" | "education" | "news" | "internal" | "digital-collectible" | "ai-training" | "personal";
                        /**
                         * @default zxx
                         * @enum {string}
                         */
                        language?: "zh-Hans" | "zh-Hant" | "yue" | "wuu" | "nan" | "hak" | "en" | "ja" | "ko" | "fr" | "de" | "es" | "pt" | "it" | "ru" | "ar" | "hi" | "bn" | "ur" | "ta" | "id" | "ms" | "th" | "vi" | "lo" | "km" | "my" | "fil" | "mn" | "bo" | "ug" | "za" | "kk" | "ky" | "uz" | "tr" | "fa" | "he" | "nl" | "sv" | "nb" | "da" | "fi" | "is" | "pl" | "cs" | "sk" | "hu" | "ro" | "bg" | "el" | "uk" | "sr" | "hr" | "sl" | "et" | "lv" | "lt" | "sw" | "am" | "zxx";
                        /**
                         * Format: date-time
                         * @description When it is done; now when left out
                         */
                        at?: string;
                        /**
                         * Format: date-time
                         * @description By what was recorded then; by what is recorded now when left out
                         */
                        knownAt?: string;
                    }[];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Sellers_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SellerView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Sessions_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Compared without case */
                    email: string;
                    /** Format: password */
                    password: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        account: {
                            id: string;
                            email: string;
                            displayName: string;
                            emailVerified: boolean;
                            /** @enum {string} */
                            locale: "en" | "zh";
                            noticeMails: boolean;
                            createdAt: string;
                        };
                        expiresAt: string;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Sessions_remove: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    TopUps_own: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
                state?: "requested" | "taken-up" | "half-confirmed" | "confirmed" | "rejected" | "cancelled";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["MovementView"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    TopUps_ask: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Minor units (fen, cents), as text */
                    amountMinor: string;
                    /** @enum {string} */
                    currency: "CNY" | "USD" | "HKD" | "EUR";
                    /** @description What the operator finds your payment at the bank by */
                    note?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    TopUps_one: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    TopUps_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    TopUps_confirmed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Of the entry in the bank’s statement */
                    bankReference: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    TopUps_rejected: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Told to the owner */
                    reason: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Balances_list: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
                /** @description CNY, USD, HKD, EUR, ETH, or erc20:CHAIN:0xADDRESS */
                currency?: string;
                /** @description Made at this moment or later */
                from?: string;
                /** @description Made before this moment */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["TransferView"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Balances_csv: {
        parameters: {
            query: {
                /** @description CNY, USD, HKD, EUR, ETH, or erc20:CHAIN:0xADDRESS */
                currency: string;
                /** @description Made at this moment or later */
                from?: string;
                /** @description Made before this moment; now when left out */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Verify_verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    sha256: string;
                } | {
                    sm3: string;
                };
                "application/json": {
                    sha256: string;
                } | {
                    sm3: string;
                };
                "application/vnd.zhengben.proof+json": {
                    sha256: string;
                } | {
                    sm3: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Verify_trust: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceTrust"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Works_search: {
        parameters: {
            query?: {
                /** @description The nextCursor of the page before */
                cursor?: string;
                limit?: number;
                /** @description What the title and the credited names are to hold: whole words; of Chinese, Japanese, Korean and Thai any part, one sign or more. All of them, in any order */
                q?: string;
                category?: "literary" | "oral" | "music" | "drama" | "quyi" | "choreography" | "acrobatics" | "fine-art" | "architecture" | "photography" | "audiovisual" | "design-drawing" | "map-diagram" | "model" | "software" | "other";
                /** @description Who deposited; «me» lists also one's own confidential works */
                account?: string | "me";
                /** @description Deposited at or after */
                from?: string;
                /** @description Deposited before */
                to?: string;
                /** @description Digest of a file that it holds or declares */
                sha256?: string;
                /** @description Works with this right, of which all that is asked for is free to license from now on; with `territory` and `use`, left out: all of them */
                right?: "reproduction" | "distribution" | "rental" | "exhibition" | "performance" | "projection" | "broadcasting" | "network-dissemination" | "filming" | "adaptation" | "translation" | "compilation" | "other-economic";
                territory?: "AD" | "AE" | "AF" | "AG" | "AI" | "AL" | "AM" | "AO" | "AQ" | "AR" | "AS" | "AT" | "AU" | "AW" | "AX" | "AZ" | "BA" | "BB" | "BD" | "BE" | "BF" | "BG" | "BH" | "BI" | "BJ" | "BL" | "BM" | "BN" | "BO" | "BQ" | "BR" | "BS" | "BT" | "BV" | "BW" | "BY" | "BZ" | "CA" | "CC" | "CD" | "CF" | "CG" | "CH" | "CI" | "CK" | "CL" | "CM" | "CN" | "CO" | "CR" | "CU" | "CV" | "CW" | "CX" | "CY" | "CZ" | "DE" | "DJ" | "DK" | "DM" | "DO" | "DZ" | "EC" | "EE" | "EG" | "EH" | "ER" | "ES" | "ET" | "FI" | "FJ" | "FK" | "FM" | "FO" | "FR" | "GA" | "GB" | "GD" | "GE" | "GF" | "GG" | "GH" | "GI" | "GL" | "GM" | "GN" | "GP" | "GQ" | "GR" | "GS" | "GT" | "GU" | "GW" | "GY" | "HK" | "HM" | "HN" | "HR" | "HT" | "HU" | "ID" | "IE" | "IL" | "IM" | "IN" | "IO" | "IQ" | "IR" | "IS" | "IT" | "JE" | "JM" | "JO" | "JP" | "KE" | "KG" | "KH" | "KI" | "KM" | "KN" | "KP" | "KR" | "KW" | "KY" | "KZ" | "LA" | "LB" | "LC" | "LI" | "LK" | "LR" | "LS" | "LT" | "LU" | "LV" | "LY" | "MA" | "MC" | "MD" | "ME" | "MF" | "MG" | "MH" | "MK" | "ML" | "MM" | "MN" | "MO" | "MP" | "MQ" | "MR" | "MS" | "MT" | "MU" | "MV" | "MW" | "MX" | "MY" | "MZ" | "NA" | "NC" | "NE" | "NF" | "NG" | "NI" | "NL" | "NO" | "NP" | "NR" | "NU" | "NZ" | "OM" | "PA" | "PE" | "PF" | "PG" | "PH" | "PK" | "PL" | "PM" | "PN" | "PR" | "PS" | "PT" | "PW" | "PY" | "QA" | "RE" | "RO" | "RS" | "RU" | "RW" | "SA" | "SB" | "SC" | "SD" | "SE" | "SG" | "SH" | "SI" | "SJ" | "SK" | "SL" | "SM" | "SN" | "SO" | "SR" | "SS" | "ST" | "SV" | "SX" | "SY" | "SZ" | "TC" | "TD" | "TF" | "TG" | "TH" | "TJ" | "TK" | "TL" | "TM" | "TN" | "TO" | "TR" | "TT" | "TV" | "TW" | "TZ" | "UA" | "UG" | "UM" | "US" | "UY" | "UZ" | "VA" | "VC" | "VE" | "VG" | "VI" | "VN" | "VU" | "WF" | "WS" | "YE" | "YT" | "ZA" | "ZM" | "ZW";
                use?: "print" | "e-book" | "audiobook" | "periodical" | "film" | "television" | "streaming" | "radio-podcast" | "sound-recording" | "games" | "software" | "merchandise" | "packaging" | "advertising" | "social-media" | "website" | "exhibition" | "live-performance" | "public-space" | "education" | "news" | "internal" | "digital-collectible" | "ai-training" | "personal";
                /** @description Free for an exclusive licence as well: nobody has a licence of any of it */
                exclusive?: "true" | "false";
                /** @description `relevance` needs `q`; of very many works that hold the words the newest are sorted */
                sort?: "newest" | "relevance";
                /** @description Counts by category and by right as well */
                facets?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FoundWorks"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Works_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    title: string;
                    /** @enum {string} */
                    category: "literary" | "oral" | "music" | "drama" | "quyi" | "choreography" | "acrobatics" | "fine-art" | "architecture" | "photography" | "audiovisual" | "design-drawing" | "map-diagram" | "model" | "software" | "other";
                    /**
                     * @default single
                     * @enum {string}
                     */
                    composition?: "single" | "series";
                    creation: {
                        /** @enum {string} */
                        nature: "original" | "adaptation" | "translation" | "compilation" | "annotation" | "arrangement" | "other";
                        /** Format: date */
                        completedOn: string;
                        place?: string;
                        derivedFrom?: ({
                            work: string;
                        } | {
                            title: string;
                            /** @enum {string} */
                            status: "public-domain" | "in-copyright";
                        })[];
                    };
                    publication: {
                        /** @enum {string} */
                        state: "published" | "unpublished";
                        /** Format: date */
                        firstPublishedOn?: string;
                        place?: string;
                    };
                    /**
                     * @default public
                     * @enum {string}
                     */
                    visibility?: "public" | "confidential";
                    authors: {
                        name?: string;
                        creditedAs?: string;
                        /** @enum {string} */
                        signedAs: "real-name" | "pseudonym" | "anonymous";
                    }[];
                    owners: {
                        name: string;
                        /** @enum {string} */
                        kind: "person" | "organisation";
                        shareBps: number;
                        /**
                         * Format: uuid
                         * @description Holds this owner’s share of the rights; without one the depositing account does
                         */
                        account?: string;
                        identity?: {
                            kind: string;
                            number: string;
                        };
                        contact?: string;
                        address?: string;
                    }[];
                    /**
                     * @default original
                     * @enum {string}
                     */
                    acquisition?: "original" | "inheritance" | "succession" | "other";
                    acquisitionEvidence?: string[];
                    creationEvidence?: string[];
                    /**
                     * @default individual
                     * @enum {string}
                     */
                    ownership?: "individual" | "joint" | "legal-entity" | "employment" | "commissioned";
                    /** @default all */
                    rights?: ("all" | "none") | ("publication" | "attribution" | "alteration" | "integrity" | "reproduction" | "distribution" | "rental" | "exhibition" | "performance" | "projection" | "broadcasting" | "network-dissemination" | "filming" | "adaptation" | "translation" | "compilation" | "other-economic")[];
                    /** @enum {string} */
                    noRightsBasis?: "public-domain" | "folklore" | "holder-of-original";
                    workStatement?: {
                        purpose?: string;
                        process?: string;
                        originality?: string;
                    };
                    applicant?: {
                        /** @enum {string} */
                        capacity: "owner" | "agent";
                        name: string;
                        contact?: string;
                    };
                    registration?: {
                        number: string;
                        registry: string;
                        /** Format: date */
                        registeredOn?: string;
                    };
                    /**
                     * @default none
                     * @enum {string}
                     */
                    aiGenerated?: "none" | "generated" | "possibly-generated" | "suspected";
                    aigc?: {
                        contentProducer?: string;
                        produceId?: string;
                        contentPropagator?: string;
                        propagateId?: string;
                    };
                    /**
                     * @default first
                     * @enum {string}
                     */
                    claim?: "first" | "rival";
                    contents: {
                        name: string;
                        mediaType: string;
                        byteLength: number;
                        sha256: string;
                        sm3?: string;
                    }[];
                };
                "application/json": {
                    title: string;
                    /** @enum {string} */
                    category: "literary" | "oral" | "music" | "drama" | "quyi" | "choreography" | "acrobatics" | "fine-art" | "architecture" | "photography" | "audiovisual" | "design-drawing" | "map-diagram" | "model" | "software" | "other";
                    /**
                     * @default single
                     * @enum {string}
                     */
                    composition?: "single" | "series";
                    creation: {
                        /** @enum {string} */
                        nature: "original" | "adaptation" | "translation" | "compilation" | "annotation" | "arrangement" | "other";
                        /** Format: date */
                        completedOn: string;
                        place?: string;
                        derivedFrom?: ({
                            work: string;
                        } | {
                            title: string;
                            /** @enum {string} */
                            status: "public-domain" | "in-copyright";
                        })[];
                    };
                    publication: {
                        /** @enum {string} */
                        state: "published" | "unpublished";
                        /** Format: date */
                        firstPublishedOn?: string;
                        place?: string;
                    };
                    /**
                     * @default public
                     * @enum {string}
                     */
                    visibility?: "public" | "confidential";
                    authors: {
                        name?: string;
                        creditedAs?: string;
                        /** @enum {string} */
                        signedAs: "real-name" | "pseudonym" | "anonymous";
                    }[];
                    owners: {
                        name: string;
                        /** @enum {string} */
                        kind: "person" | "organisation";
                        shareBps: number;
                        /**
                         * Format: uuid
                         * @description Holds this owner’s share of the rights; without one the depositing account does
                         */
                        account?: string;
                        identity?: {
                            kind: string;
                            number: string;
                        };
                        contact?: string;
                        address?: string;
                    }[];
                    /**
                     * @default original
                     * @enum {string}
                     */
                    acquisition?: "original" | "inheritance" | "succession" | "other";
                    acquisitionEvidence?: string[];
                    creationEvidence?: string[];
                    /**
                     * @default individual
                     * @enum {string}
                     */
                    ownership?: "individual" | "joint" | "legal-entity" | "employment" | "commissioned";
                    /** @default all */
                    rights?: ("all" | "none") | ("publication" | "attribution" | "alteration" | "integrity" | "reproduction" | "distribution" | "rental" | "exhibition" | "performance" | "projection" | "broadcasting" | "network-dissemination" | "filming" | "adaptation" | "translation" | "compilation" | "other-economic")[];
                    /** @enum {string} */
                    noRightsBasis?: "public-domain" | "folklore" | "holder-of-original";
                    workStatement?: {
                        purpose?: string;
                        process?: string;
                        originality?: string;
                    };
                    applicant?: {
                        /** @enum {string} */
                        capacity: "owner" | "agent";
                        name: string;
                        contact?: string;
                    };
                    registration?: {
                        number: string;
                        registry: string;
                        /** Format: date */
                        registeredOn?: string;
                    };
                    /**
                     * @default none
                     * @enum {string}
                     */
                    aiGenerated?: "none" | "generated" | "possibly-generated" | "suspected";
                    aigc?: {
                        contentProducer?: string;
                        produceId?: string;
                        contentPropagator?: string;
                        propagateId?: string;
                    };
                    /**
                     * @default first
                     * @enum {string}
                     */
                    claim?: "first" | "rival";
                    contents: {
                        name: string;
                        mediaType: string;
                        byteLength: number;
                        sha256: string;
                        sm3?: string;
                    }[];
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisteredWork"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Works_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Works_amend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    title?: string;
                    /** @enum {string} */
                    category?: "literary" | "oral" | "music" | "drama" | "quyi" | "choreography" | "acrobatics" | "fine-art" | "architecture" | "photography" | "audiovisual" | "design-drawing" | "map-diagram" | "model" | "software" | "other";
                    /** @enum {string} */
                    composition?: "single" | "series";
                    creation?: {
                        /** @enum {string} */
                        nature: "original" | "adaptation" | "translation" | "compilation" | "annotation" | "arrangement" | "other";
                        /** Format: date */
                        completedOn: string;
                        place?: string;
                        derivedFrom?: ({
                            work: string;
                        } | {
                            title: string;
                            /** @enum {string} */
                            status: "public-domain" | "in-copyright";
                        })[];
                    };
                    publication?: {
                        /** @enum {string} */
                        state: "published" | "unpublished";
                        /** Format: date */
                        firstPublishedOn?: string;
                        place?: string;
                    };
                    authors?: {
                        name?: string;
                        creditedAs?: string;
                        /** @enum {string} */
                        signedAs: "real-name" | "pseudonym" | "anonymous";
                    }[];
                    workStatement?: {
                        purpose?: string;
                        process?: string;
                        originality?: string;
                    };
                    registration?: {
                        number: string;
                        registry: string;
                        /** Format: date */
                        registeredOn?: string;
                    };
                    /** @enum {string} */
                    aiGenerated?: "none" | "generated" | "possibly-generated" | "suspected";
                    aigc?: {
                        contentProducer?: string;
                        produceId?: string;
                        contentPropagator?: string;
                        propagateId?: string;
                    };
                    reason?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AmendedAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Title_assignSlice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    scope: {
                        rights: string[];
                        territories: string[];
                        uses: string[];
                        languages: string[];
                        term: {
                            /** Format: date */
                            from: string;
                            /** Format: date */
                            to: string | null;
                            /** @enum {string} */
                            timeZone?: "Asia/Shanghai" | "UTC";
                        } | {
                            /** Format: date-time */
                            from: string;
                            /** Format: date-time */
                            until: string | null;
                        };
                    };
                    to: {
                        /** Format: uuid */
                        account: string;
                        shareBps: number;
                    }[];
                    price?: {
                        amountMinor: string;
                        currency: string;
                    };
                    payment?: string;
                    delivery?: string;
                    breach?: string;
                    paper?: {
                        sha256: string;
                        /** Format: date */
                        signedOn: string;
                        note?: string;
                    };
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppendedAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Check_available: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AvailabilityView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Works_certificate: {
        parameters: {
            query?: {
                at?: "anchored" | "newest";
                disclose?: string | string[];
            };
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Title_consents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ConsentView"][];
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Title_giveConsent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uuid
                     * @description The co-owner who may then act
                     */
                    to: string;
                    /** @enum {string} */
                    act: "licence" | "assignment" | "term";
                    scope: {
                        rights: string[];
                        territories: string[];
                        uses: string[];
                        languages: string[];
                        term: {
                            /** Format: date */
                            from: string;
                            /** Format: date */
                            to: string | null;
                            /** @enum {string} */
                            timeZone?: "Asia/Shanghai" | "UTC";
                        } | {
                            /** Format: date-time */
                            from: string;
                            /** Format: date-time */
                            until: string | null;
                        };
                    };
                    /**
                     * Format: uuid
                     * @description Whom it may be licensed or assigned to; anyone when left out
                     */
                    party?: string;
                    /** @default 90 */
                    validDays?: number;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppendedAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Title_withdrawConsent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
                seq: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppendedAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Works_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
                position: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Works_preview: {
        parameters: {
            query?: {
                size?: "320" | "1280";
            };
            header?: never;
            path: {
                number: string;
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Works_erase: {
        parameters: {
            query: {
                pointer: string;
            };
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Works_events: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Works_history: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkHistory"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Title_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        work: string;
                        protection: {
                            until: string | null;
                            /** @enum {string} */
                            basis: "author-lives" | "years-after-completion" | "years-after-publication";
                        } | null;
                        holdings: components["schemas"]["HoldingView"][];
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Terms_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            [key: string]: unknown;
                        }[];
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Terms_offer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    preset: "personal" | "commercial" | "exclusive-by-territory" | "cc-by-4.0" | "cc-by-sa-4.0" | "cc-by-nc-4.0" | "cc-by-nd-4.0" | "cc-by-nc-sa-4.0" | "cc-by-nc-nd-4.0" | "ai-training-allowed" | "ai-training-paid" | "remix-revenue-share" | "ai-training-reserved";
                    options: {
                        /** Format: date */
                        from: string;
                        /** @enum {string} */
                        timeZone?: "Asia/Shanghai" | "UTC";
                        /** @enum {string} */
                        category?: "literary" | "oral" | "music" | "drama" | "quyi" | "choreography" | "acrobatics" | "fine-art" | "architecture" | "photography" | "audiovisual" | "design-drawing" | "map-diagram" | "model" | "software" | "other";
                        /** Format: date */
                        to?: string | null;
                        territories?: string[];
                        languages?: string[];
                        price?: {
                            amountMinor: string;
                            currency: string;
                            /**
                             * @default licence
                             * @enum {string}
                             */
                            per?: "licence" | "year" | "copy";
                        };
                        revenueShareBps?: number;
                    };
                    /**
                     * Format: date-time
                     * @description Until when the offer can be taken up; until it is withdrawn when left out
                     */
                    expiresAt?: string;
                } | {
                    terms: {
                        /** @enum {string} */
                        exclusivity: "non-exclusive" | "sole" | "exclusive";
                        scope: {
                            rights: string[];
                            territories: string[];
                            uses: string[];
                            languages: string[];
                            term: {
                                /** Format: date */
                                from: string;
                                /** Format: date */
                                to: string | null;
                                /** @enum {string} */
                                timeZone?: "Asia/Shanghai" | "UTC";
                            } | {
                                /** Format: date-time */
                                from: string;
                                /** Format: date-time */
                                until: string | null;
                            };
                        };
                        sublicensing: boolean;
                        toAnyone: boolean;
                        conditions: ("attribution" | "non-commercial" | "share-alike" | "no-derivatives" | "same-revenue-share")[];
                        price: {
                            amountMinor: string;
                            currency: string;
                            /**
                             * @default licence
                             * @enum {string}
                             */
                            per?: "licence" | "year" | "copy";
                        } | null;
                        revenueShareBps: number | null;
                        /** @default CN */
                        governingLaw?: string | null;
                        licenceUri: string | null;
                    };
                    /**
                     * Format: date-time
                     * @description Until when the offer can be taken up; until it is withdrawn when left out
                     */
                    expiresAt?: string;
                } | {
                    odrl: {
                        [key: string]: unknown;
                    };
                    /**
                     * Format: date-time
                     * @description Until when the offer can be taken up; until it is withdrawn when left out
                     */
                    expiresAt?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferedAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Licences_grant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The account that is licensed; left out only of a declared licence, whose licensee may have none */
                    licensee?: string | "anyone";
                    /** @enum {string} */
                    exclusivity: "non-exclusive" | "sole" | "exclusive";
                    scope: {
                        rights: string[];
                        territories: string[];
                        uses: string[];
                        languages: string[];
                        term: {
                            /** Format: date */
                            from: string;
                            /** Format: date */
                            to: string | null;
                            /** @enum {string} */
                            timeZone?: "Asia/Shanghai" | "UTC";
                        } | {
                            /** Format: date-time */
                            from: string;
                            /** Format: date-time */
                            until: string | null;
                        };
                    };
                    /** @default false */
                    sublicensing?: boolean;
                    /** @default [] */
                    conditions?: ("attribution" | "non-commercial" | "share-alike" | "no-derivatives" | "same-revenue-share")[];
                    /**
                     * @description Earlier non-exclusive licences that an exclusive or sole one leaves alone
                     * @default []
                     */
                    subjectTo?: string[];
                    declared?: {
                        /** @enum {string} */
                        kind: "licence" | "assignment";
                        paperSha256: string;
                        /** Format: date */
                        signedOn: string;
                        licenseeName?: string;
                    };
                    price?: {
                        amountMinor: string;
                        currency: string;
                        /**
                         * @default licence
                         * @enum {string}
                         */
                        per?: "licence" | "year" | "copy";
                    };
                    payment?: string;
                    attribution?: string;
                    revenueShareBps?: number;
                    /**
                     * @description How long a party has to cure a breach
                     * @default 30
                     */
                    curePeriodDays?: number;
                    /** @default CN */
                    governingLaw?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantedLicence"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Terms_importAgreement: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantedLicence"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Listings_offer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    kind: "licence" | "exclusive-licence" | "assignment";
                    scope: {
                        rights: string[];
                        territories: string[];
                        uses: string[];
                        languages: string[];
                        term: {
                            /** Format: date */
                            from: string;
                            /** Format: date */
                            to: string | null;
                            /** @enum {string} */
                            timeZone?: "Asia/Shanghai" | "UTC";
                        } | {
                            /** Format: date-time */
                            from: string;
                            /** Format: date-time */
                            until: string | null;
                        };
                    };
                    /** @description An amount in whole minor units (fen, cents, wei) of one currency */
                    price: {
                        amountMinor: string;
                        currency: string;
                    };
                    /**
                     * @default fixed
                     * @enum {string}
                     */
                    pricing?: "fixed" | "negotiable";
                    /**
                     * @description How many licences; null: without a limit. An exclusive licence and an assignment are sold once.
                     * @default null
                     */
                    quantity?: number | null;
                    /** @description Who may see it and buy; anyone when left out */
                    audience?: string[];
                    /** Format: date-time */
                    opensAt?: string;
                    /** Format: date-time */
                    closesAt?: string;
                    /** @default {} */
                    terms?: {
                        /** @default false */
                        sublicensing?: boolean;
                        /** @default [] */
                        conditions?: ("attribution" | "non-commercial" | "share-alike" | "no-derivatives" | "same-revenue-share")[];
                        attribution?: string;
                        /** @description Of what the licensee earns with works made from this one */
                        revenueShareBps?: number;
                        /** @default 30 */
                        curePeriodDays?: number;
                        /** @default CN */
                        governingLaw?: string;
                        delivery?: string;
                        breach?: string;
                    };
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListingView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Works_proof: {
        parameters: {
            query?: {
                at?: "anchored" | "newest";
                disclose?: string | string[];
            };
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Title_fix: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date
                     * @description Of joint authors the last one
                     */
                    lastAuthorDiedOn: string;
                    /** @description The digest of what shows it */
                    evidenceSha256?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppendedAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Terms_trainingMining: {
        parameters: {
            query?: {
                family?: "c2pa" | "cawg";
            };
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrainingMiningAssertion"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Works_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    reason: "mistake" | "not-mine" | "duplicate" | "other";
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AmendedAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Operations_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "live";
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Operations_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "not-ready" | "ready";
                        checks: {
                            [key: string]: {
                                ok: boolean;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Log_checkpoint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Log_vkey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Operations_prometheus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
