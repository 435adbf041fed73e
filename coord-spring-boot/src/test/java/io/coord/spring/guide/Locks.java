package io.coord.spring.guide;

import io.coord.recipes.lock.Lease;
import io.coord.spring.lock.DistributedLock;
import io.coord.spring.lock.LockLostException;
import io.coord.spring.lock.LockTemplate;
import io.coord.spring.lock.OnFailure;
import io.coord.spring.lock.Permit;
import io.coord.spring.lock.ReadLock;
import io.coord.spring.lock.WriteLock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@SuppressWarnings("UnusedMethod")
class Locks {

    record Order(String id) {}

    record Report(String text) {}

    @WriteLock(name = "stock", key = "#item", waitTime = "5s")
    public int take(String item, int amount) {
        return amount;
    }

    @ReadLock(name = "stock", key = "#item")
    public int left(String item) {
        return 0;
    }

    @DistributedLock(name = "printer", onFailure = OnFailure.SKIP)
    public void print(Report report) {
        System.out.println(report);
    }

    @Permit(name = "licences", limitString = "${licences:5}", fallback = "renderLater")
    public Report render(Order order, @Nullable Lease lease) {
        return new Report(order + " under " + lease);
    }

    Report renderLater(Order order, @Nullable Lease lease) {
        return new Report("later");
    }

    record Source(String name) {}

    @WriteLock(name = "import", lossCallback = "giveUp", onReleaseRequested = "finishEarly")
    public void importAll(Source source) {
        System.out.println(source);
    }

    void giveUp(LockLostException loss) {
        System.out.println(loss.path());
    }

    void finishEarly() {
        System.out.println("soon");
    }

    String byTemplate(LockTemplate locks, String item) {
        int left = locks.withWrite("stock", lease -> take(item, lease.fencingToken()));
        Optional<Report> report =
                locks.read("stock").key(item).waitAtMost(Duration.ofSeconds(2)).tryRun(lease -> report(item));
        return left + " " + report;
    }

    private int take(String item, long token) {
        return item.length() + (int) token;
    }

    private Report report(String item) {
        return new Report(item);
    }
}
