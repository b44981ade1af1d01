namespace CashoutConsole.Foundation;

/// <summary>One entry per row of the access table (README, "Roles"); <see cref="RolePermissions"/> says which role holds which.</summary>
public enum Permission
{
    /// <summary>See accounts, balances, withdrawals, batches and provider health.</summary>
    ViewAccounts,

    /// <summary>Ask the providers for fresh balances.</summary>
    RefreshBalances,

    /// <summary>Request withdrawals, batches and plans; upload CSV.</summary>
    RequestWithdrawals,

    /// <summary>Add members to the member directory.</summary>
    MaintainMemberDirectory,

    /// <summary>Cancel or recall one's own withdrawal before it is sent.</summary>
    CancelOwnWithdrawal,

    /// <summary>Cancel or recall anyone's withdrawal before it is sent.</summary>
    CancelAnyWithdrawal,

    /// <summary>Approve or reject what somebody else made.</summary>
    Approve,

    /// <summary>Resolve an unknown, own and close a break (two people, neither maker nor approver).</summary>
    ResolveUnknowns,

    /// <summary>Stop sending, everywhere or for one provider account.</summary>
    StopSending,

    /// <summary>Propose that sending resumes.</summary>
    ProposeResume,

    /// <summary>Confirm a resume that somebody else proposed.</summary>
    ConfirmResume,

    ExportWithdrawals,

    ReadAudit,

    /// <summary>Verify the audit chain and export the audit trail.</summary>
    ExportAudit,

    /// <summary>Operators, provider accounts, policies, limits: make a change that a second person confirms.</summary>
    Administer,

    /// <summary>Confirm an administrative change that somebody else made.</summary>
    ConfirmAdministration,
}
