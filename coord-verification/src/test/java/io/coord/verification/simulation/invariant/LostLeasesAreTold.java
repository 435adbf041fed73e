package io.coord.verification.simulation.invariant;

/** What a lease says of itself, when the contender behind it knows better. */
final class LostLeasesAreTold extends Invariant {
    LostLeasesAreTold() {
        super("a lease whose znode is gone says so, and one whose server is silent is not certain");
    }

    @Override
    protected void onLeaseChanged(Holder holder, boolean told) {
        require(told, "client %d was not told what became of %s", holder.client(), holder.path());
    }
}
