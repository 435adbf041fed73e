package io.coord.server.internal.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.ZnodePath;
import io.coord.server.internal.quota.QuotaReview.Figure;
import io.coord.server.internal.tree.TreeEdit;
import io.coord.server.internal.tree.Znode;
import io.coord.server.internal.tree.ZnodeTree;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What quotas say, added up for operators. */
class QuotaReviewTest {
    private final ZnodeTree tree = new ZnodeTree(1);
    private long zxid;

    private Znode node(String path) {
        Znode node = tree.get(path);
        assertThat(node).as(path).isNotNull();
        return node;
    }

    private void create(String path, @Nullable String data) {
        TreeEdit edit = tree.edit(++zxid, 0);
        byte[] bytes = data == null ? null : data.getBytes(StandardCharsets.UTF_8);
        edit.create(node(ZnodePath.parent(path)), path, bytes, Acl.OPEN, 0);
        edit.commit();
    }

    private void delete(String path) {
        TreeEdit edit = tree.edit(++zxid, 0);
        edit.delete(node(path), path);
        edit.commit();
    }

    private void quota(String path, @Nullable String limits, @Nullable String figures) {
        create("/zookeeper/quota" + path, null);
        if (limits != null) {
            create("/zookeeper/quota" + path + "/zookeeper_limits", limits);
        }
        if (figures != null) {
            create("/zookeeper/quota" + path + "/zookeeper_stats", figures);
        }
    }

    private QuotaReview review() {
        return new QuotaReview(tree, "/others");
    }

    private static QuotaReview finished(QuotaReview review, int slice) {
        while (review.next(slice)) {
            // Nothing changes.
        }
        return review;
    }

    @Test
    void withoutQuotasThereIsNothingToLookAt() {
        QuotaReview review = review();
        assertThat(review.next(1)).isFalse();
        for (Figure each : Figure.values()) {
            assertThat(review.sums(each)).isEmpty();
        }
    }

    @Test
    void whatIsBelowATopLevelZnodeIsAddedUpWhereverSlicesEnd() {
        quota("/a", "count=5,bytes=-1=;byteHardLimit=70;countHardLimit=-1", "count=3,bytes=30");
        quota("/a/deeper", null, null);
        quota("/a/deeper/still", "count=100,bytes=200", "count=10,bytes=20");
        quota("/b", "count=-1,bytes=1000", null);
        quota("/c", null, "count=4,bytes=40");
        quota("/d", "no such text", "");
        create("/zookeeper/quota/zookeeper_limits", "count=1,bytes=1");
        for (int slice = 1; slice < 20; slice++) {
            QuotaReview review = finished(review(), slice);
            assertThat(review.sums(Figure.COUNT_LIMIT)).isEqualTo(Map.of("a", 105L, "b", -1L));
            assertThat(review.sums(Figure.BYTES_LIMIT)).isEqualTo(Map.of("a", 270L, "b", 1_000L));
            assertThat(review.sums(Figure.COUNT_USAGE)).isEqualTo(Map.of("a", 13L, "c", 4L, "d", -1L));
            assertThat(review.sums(Figure.BYTES_USAGE)).isEqualTo(Map.of("a", 50L, "c", 40L, "d", -1L));
        }
    }

    @Test
    void whatGoesMeanwhileIsPassedBy() {
        quota("/a", "count=5,bytes=6", null);
        quota("/b", "count=7,bytes=8", null);
        QuotaReview review = review();
        // The root of quotas, then /a.
        assertThat(review.next(2)).isTrue();
        delete("/zookeeper/quota/a/zookeeper_limits");
        delete("/zookeeper/quota/a");
        finished(review, 1);
        assertThat(review.sums(Figure.COUNT_LIMIT)).isEqualTo(Map.of("b", 7L));
    }

    @Test
    void thoseBeyondTwoHundredShareOneName() {
        for (int i = 0; i < 250; i++) {
            quota("/n" + i, "count=1,bytes=2", null);
        }
        QuotaReview review = finished(review(), 100);
        assertThat(review.sums(Figure.COUNT_LIMIT)).hasSize(201).containsEntry("/others", 50L);
    }
}
