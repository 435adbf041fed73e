package io.coord.verification.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** All recipes that one client uses. */
final class ClientRecipes {
    /** Their directories, which are there before the first client begins. */
    static final List<String> DIRECTORIES = List.of(
            ReadWriteUser.DIRECTORY,
            LatchUser.DIRECTORY,
            SelectorUser.DIRECTORY,
            SemaphoreUser.PATH,
            SemaphoreUser.TURNS,
            SemaphoreUser.PERMITS,
            CacheUser.ROOT,
            KeptNodeUser.DIRECTORY,
            BarrierUser.DIRECTORY,
            DoubleBarrierUser.PATH,
            WorkQueueUser.PATH,
            WorkQueueUser.ITEMS,
            WorkQueueUser.LOCKS);

    private final ReadWriteUser readWrite;
    private final LatchUser latch;
    private final List<RecipeUser> others = new ArrayList<>();

    /**
     * @param place of the client among those that work at the same time
     * @param everybodyIsThrough whether all of them have gone through the double barrier in the end
     */
    ClientRecipes(
            SimulatedClient client,
            SimulatedCluster cluster,
            Random random,
            int place,
            BooleanSupplier everybodyIsThrough) {
        this.readWrite = new ReadWriteUser(client, cluster, new Random(random.nextLong()));
        this.latch = new LatchUser(client, cluster, new Random(random.nextLong()));
        others.add(new SelectorUser(client, cluster, new Random(random.nextLong())));
        others.add(new SemaphoreUser(client, cluster, new Random(random.nextLong())));
        Random own = new Random(random.nextLong());
        switch (cluster.seededRecipe()) {
            case CACHE -> others.add(new CacheUser(client, cluster));
            case KEPT_ZNODE -> {
                others.add(KeptNodeUser.own(client, cluster, own, place));
                others.add(KeptNodeUser.shared(client, cluster, new Random(own.nextLong())));
            }
            case BARRIER -> {
                others.add(new BarrierUser(client, cluster, own));
                others.add(new DoubleBarrierUser(client, cluster, new Random(own.nextLong()), everybodyIsThrough));
            }
            case WORK_QUEUE -> others.add(new WorkQueueUser(client, cluster, own));
        }
    }

    /** @param finishing whether faults are over already */
    void start(boolean finishing) {
        if (finishing) {
            end();
        } else {
            readWrite.start();
        }
        latch.start();
        others.forEach(RecipeUser::start);
    }

    void end() {
        readWrite.end();
        latch.end();
        others.forEach(RecipeUser::end);
    }

    boolean areEnded() {
        return others.stream().allMatch(RecipeUser::isEnded);
    }

    boolean isLeader() {
        return latch.isLeader();
    }

    /** Whether it has gone through the double barrier in the end. */
    boolean isThroughDoubleBarrier() {
        return others.stream().allMatch(each -> !(each instanceof DoubleBarrierUser) || each.isEnded());
    }

    String wishes() {
        StringBuilder text = new StringBuilder(latch.isLeader() ? " leads" : "");
        for (RecipeUser each : others) {
            if (!each.isEnded()) {
                text.append(' ').append(each.wish());
            }
        }
        return text.toString();
    }
}
